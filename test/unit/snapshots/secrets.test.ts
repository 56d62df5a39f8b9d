import { describe, expect, test } from "bun:test";
import { HIDDEN, isSecret, isSecretName, withoutSecrets } from "../../../src/snapshots/secrets.ts";

test.each([
  "GITHUB_TOKEN",
  "token",
  "DB_PASSWORD",
  "dbPassword",
  "api-key",
  "KEY",
  "OPENAI_API_KEY",
  "AWS_REGION",
  "GOOGLE_APPLICATION_CREDENTIALS",
  "CLIENT_SECRET",
  "MYSQL_PWD",
  "NPM_AUTH",
  "SSH_PRIVATE_KEY",
  "COOKIE",
  "PGPASSWORD",
  "SSHPASS",
  "DBPASSWORD",
  "@api_token",
])("%p is a secret by its name", (name) => {
  expect(isSecretName(name)).toBe(true);
});

test.each(["PWD", "OLDPWD", "HOME", "PATH", "KEYBOARD", "MONKEY", "SSH_AUTH_SOCK", "XAUTHORITY", "COMPASS", "LANG"])(
  "%p is none",
  (name) => {
    expect(isSecretName(name)).toBe(false);
  },
);

test.each<[string, string, boolean]>([
  ["DATABASE_URL", "postgres://me:s3cret@db/x", true],
  ["REMOTE", "https://ghp_abc@github.com/x/y", true],
  ["REMOTE", "ssh://git@github.com/x/y", false],
  ["MAIL", "me@example.com", false],
  ["HEADER", "Authorization: Bearer s3cret-s3cret", true],
  ["DSN", "Server=x;Password=s3cret", true],
  ["DSN", "me:s3cret@tcp(host)/db", true],
  ["X", "ghp_0123456789abcdef", true],
  ["TIME", "12:30", false],
  ["DB_PASSWORD", "", false],
  ["DB_PASSWORD", "x", true],
])("%s=%s: %p", (name, value, expected) => {
  expect(isSecret(name, value)).toBe(expected);
});

describe("the arguments of a program", () => {
  test.each<[string[], string[]]>([
    [
      ["server", "--port", "80"],
      ["server", "--port", "80"],
    ],
    [
      ["x", "--password", "s3cret", "--port", "80"],
      ["x", "--password", HIDDEN, "--port", "80"],
    ],
    [
      ["x", "--api-key=s3cret"],
      ["x", `--api-key=${HIDDEN}`],
    ],
    [
      ["env", "DB_TOKEN=s3cret", "make"],
      ["env", `DB_TOKEN=${HIDDEN}`, "make"],
    ],
    [
      ["curl", "-u", "me:s3cret", "http://x"],
      ["curl", "-u", HIDDEN, "http://x"],
    ],
    [
      ["curl", "-ume:s3cret", "http://x"],
      ["curl", `-u${HIDDEN}`, "http://x"],
    ],
    [
      ["curl", "-H", "Authorization: Bearer s3cret"],
      ["curl", "-H", `Authorization: ${HIDDEN}`],
    ],
    [
      ["mysql", "-ps3cret"],
      ["mysql", `-p${HIDDEN}`],
    ],
    [
      ["psql", "postgres://me:s3cret@db/x"],
      ["psql", `postgres://${HIDDEN}@db/x`],
    ],
    [
      ["sh", "-c", "API_KEY=s3cret ./run; sleep 1"],
      ["sh", "-c", `API_KEY=${HIDDEN} ./run; sleep 1`],
    ],
    [
      ["sh", "-c", 'TOKEN="s3 cret" ./run'],
      ["sh", "-c", `TOKEN=${HIDDEN} ./run`],
    ],
    [
      ["ls", "-p", "-u", "x"],
      ["ls", "-p", "-u", "x"],
    ],
    [
      ["node", "--max-old-space-size=80", "a=b"],
      ["node", "--max-old-space-size=80", "a=b"],
    ],
  ])("%p: %p", (argv, expected) => {
    expect(withoutSecrets(argv)).toEqual(expected);
  });
});

import { describe, expect, test } from "bun:test";
import { isSecretText, withoutSecrets, withoutSecretsIn } from "../../../src/snapshots/secret-arguments.ts";
import { HIDDEN, isSecret, isSecretName } from "../../../src/snapshots/secrets.ts";
import { VARIABLES } from "./secret-variables.ts";

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

test.each([
  "PWD",
  "OLDPWD",
  "HOME",
  "PATH",
  "KEYBOARD",
  "MONKEY",
  "SSH_AUTH_SOCK",
  "XAUTHORITY",
  "COMPASS",
  "LANG",
  "API",
  "API_URL",
])("%p is none", (name) => {
  expect(isSecretName(name)).toBe(false);
});

test.each(VARIABLES)("%s=%s: %p", (name, value, expected) => {
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
      ["sudo", "curl", "-sSu", "me:s3cret", "http://x"],
      ["sudo", "curl", "-sSu", HIDDEN, "http://x"],
    ],
    [
      ["mysql", "-uphil", "-ps3cret", "-p", "db"],
      ["mysql", "-uphil", `-p${HIDDEN}`, "-p", "db"],
    ],
    [
      ["sshpass", "-p", "s3cret", "ssh", "x"],
      ["sshpass", "-p", HIDDEN, "ssh", "x"],
    ],
    [
      ["psql", "host=x password=s3cret dbname=y"],
      ["psql", `host=x password=${HIDDEN} dbname=y`],
    ],
    [
      ["redis-cli", "-a", "s3cret", "-h", "x"],
      ["redis-cli", "-a", HIDDEN, "-h", "x"],
    ],
    [
      ["docker", "login", "-u", "me", "-p", "s3cret", "x"],
      ["docker", "login", "-u", "me", "-p", HIDDEN, "x"],
    ],
    [
      ["docker", "run", "-p", "80:80", "x"],
      ["docker", "run", "-p", "80:80", "x"],
    ],
    [
      ["mosquitto_pub", "-t", "x", "-P", "s3cret"],
      ["mosquitto_pub", "-t", "x", "-P", HIDDEN],
    ],
    [
      ["curl", "-d", '{"user": "me", "password": "s3 cret", "n": 1}'],
      ["curl", "-d", `{"user": "me", "password": ${HIDDEN}, "n": 1}`],
    ],
    [
      ["curl", "-d", '{"tokens": ["s3cret 1", "s3cret 2"], "n": 1}'],
      ["curl", "-d", `{"tokens": ${HIDDEN}, "n": 1}`],
    ],
    [
      ["curl", "-d", "user=me&access_token=s3cret&n=1"],
      ["curl", "-d", `user=me&access_token=${HIDDEN}&n=1`],
    ],
    [
      ["curl", "-H", "Cookie: a=s3cret; b=s3cret"],
      ["curl", "-H", `Cookie: ${HIDDEN}`],
    ],
    [
      ["env", "TOKEN=s3 cret", "make"],
      ["env", `TOKEN=${HIDDEN}`, "make"],
    ],
    [
      ["sh", "-c", "cd /x && mysql -ps3cret db; ls"],
      ["sh", "-c", `cd /x && mysql -p${HIDDEN} db; ls`],
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

test.each([
  [`curl -H "Authorization: Bearer s3cret-s3cret" http://x "q"`, `curl -H 'Authorization: ***' http://x "q"`],
  [`curl -d '{"password": "s3 cret", "user": "me"}' x`, `curl -d '{"password": ***, "user": "me"}' x`],
  [`curl -d "{\\"password\\": \\"s3 cret\\"}" x`, `curl -d '{"password": ***}' x`],
  [`curl -d "user=me&password=s3cret" x`, "curl -d 'user=me&password=***' x"],
  ["mysql -uroot -p's3 cret' db; echo -pretty", "mysql -uroot -p*** db; echo -pretty"],
  [`sh -c "sh -c 'mysql -ps3cret'"`, `sh -c 'sh -c '\\''mysql -p***'\\'`],
  [`PASSWORD=a"s3 cret"d ./x`, "PASSWORD=*** ./x"],
  ["curl -u 'me:s3cret", "curl -u ***"],
  ["Authorization: Bearer s3cret-s3cret", "Authorization: ***"],
  ["deploy --password=s3cret", "deploy --password=***"],
  ["ghp_0123456789abcdef in a title", "*** in a title"],
  ["don't: mysql -ps3cret", "don't: mysql -p***"],
  ["psql postgres://me:s3cret@db/x", "psql postgres://***@db/x"],
])("of the text %p, %p may be shown, and is the same when it is looked at again", (text, expected) => {
  expect([withoutSecretsIn(text), withoutSecretsIn(expected)]).toEqual([expected, expected]);
});

test.each([
  `curl -u "$ME:$PW" -H "Authorization: Bearer $TOKEN" --password \${PW} http://x`,
  `echo "$CLAUDE_TMUX_LINE" >>/tmp/x; kill -USR1 $(pgrep x)`,
  "me@host: ~/work",
  "✳ Fix the token refresh",
  "[[ $KEY == x ]] && touch y",
  `notify 'it''s' "a\\"b" \\; ls`,
  "x --auth-url=https://a/b",
])("in %p there is none", (text) => {
  expect([withoutSecretsIn(text), isSecretText(text)]).toEqual([text, false]);
});

test.each(['{"a": [', 'password="', "abc'\"\\(;$x ", '\\"a=', "a:", "-", "$A:"])(
  "many times %p takes no time",
  (text) => {
    const began = performance.now();
    withoutSecretsIn(text.repeat(50_000));
    expect(performance.now() - began).toBeLessThan(3000);
  },
);

// What is a secret is told by names and by forms, so it is a guess on the safe side: what may be one is left out of all that
// is written down. What a pane shows may hold anything, and is not looked at here.

/** Stands where a secret was. */
export const HIDDEN = "***";

/** Words of a name that make what it names a secret. */
const WORDS = new Set(
  "token tokens secret secrets password passwords passwd pass passphrase passphrases pwd pw key keys apikey credential credentials cred creds auth authorization bearer cookie cookies private jwt pat otp pin".split(
    " ",
  ),
);
/** Names that hold such a word, and are none. */
const NO_SECRETS = new Set("key keys PWD OLDPWD SSH_AUTH_SOCK XAUTHORITY SSH_KEY_PATH KEYTIMEOUT".split(" "));
const PREFIXES = ["AWS_"];

/** Whether the value of a variable or an option of that name is a secret: `GITHUB_TOKEN`, `api-key`, `dbPassword`. Pure. */
export function isSecretName(name: string): boolean {
  if (NO_SECRETS.has(name)) return false;
  if (PREFIXES.some((prefix) => name.startsWith(prefix))) return true;
  if (
    /passw|secret|token|api_?key|credential|(^|db|pg|ssh|my|user)pass(wd)?$|pw$|pwd$|(gpg|auth|ssh|sign|enc|access|private)key|unseal/i.test(
      name,
    )
  )
    return true;
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").split(/[^A-Za-z]+/);
  return words.some((word) => WORDS.has(word.toLowerCase()));
}

/** An address with somebody's name and password in it (RFC 3986, userinfo), or with a token in the place of a name. */
const ADDRESS = /\b([a-z][a-z0-9+.-]*:\/\/)([^\s/@'"]+)@/gi;

/** A text without the user part of addresses in it. Pure. */
export function withoutUsers(text: string): string {
  return text.replace(ADDRESS, (all, scheme: string, user: string) =>
    // `ssh://git@host`: the name alone opens nothing there
    user.includes(":") || /^https?:/i.test(scheme) ? `${scheme}${HIDDEN}@` : all,
  );
}

/** What is a secret by its looks: tokens that say what they are, and what stands behind a name that does. */
const TOKENS =
  /\b(?:gh[opsu]_|github_pat_|glpat-|xox[abeprs]-|sk-|AKIA|npm_|eyJ)[\w-]{10,}|\b(?:Bearer|Basic)\s+[\w.+/=-]{6,}|(?<=\b(?:passwo?r?d|pwd|token|secret|api_?key)=)[^\s;&]+|^[^\s:/@]+:[^\s:/@]+(?=@)|(?<=hooks\.slack\.com\/services\/)\S+|-----BEGIN [A-Z ]*PRIVATE KEY-----/gi;

/** Whether a variable is left out by value. Pure. */
export function isSecret(name: string, value: string): boolean {
  return value !== "" && (isSecretName(name) || withoutUsers(value).replace(TOKENS, HIDDEN) !== value);
}

/** Options of one letter that carry secrets, of programs that are known for them. */
const LETTERS: Readonly<Record<string, string>> = {
  curl: "u",
  wget: "u",
  mysql: "p",
  mysqldump: "p",
  mariadb: "p",
  sshpass: "p",
  "redis-cli": "a",
  ldapsearch: "w",
  smbclient: "U",
};

/** `NAME=value`, `--name=value` and `Name: value`, within any text. */
const ASSIGNED =
  /(?<![\w-])((?:--?)?([A-Za-z][\w-]*)\s?[=:]\s*)("[^"]*"|'[^']*'|(?:(?:Bearer|Basic|token)\s+)?[^\s"';&|]+)/g;

/** The arguments of a program without the secrets among them: in the place of each stands HIDDEN. Pure. */
export function withoutSecrets(argv: readonly string[]): string[] {
  const program = (argv[0] ?? "").split("/").at(-1) ?? "";
  const letter = Object.hasOwn(LETTERS, program) ? LETTERS[program] : undefined;
  const shown: string[] = [];
  let isNextSecret = false;
  for (const word of argv) {
    if (isNextSecret && shown.length > 0) shown.push(HIDDEN);
    else if (letter !== undefined && word.startsWith(`-${letter}`) && word.length > 2)
      shown.push(`-${letter}${HIDDEN}`);
    else shown.push(hideIn(word));
    const option = /^--?([A-Za-z][\w-]*)$/.exec(word)?.[1];
    const isOption = option !== undefined && (word.startsWith("--") || option.length > 1) && isSecretName(option);
    isNextSecret = !isNextSecret && (isOption || (letter !== undefined && word === `-${letter}`));
  }
  return shown;
}

/** Whether a command line, or several, holds a secret. Pure. */
export function isSecretText(text: string): boolean {
  if (hideIn(text) !== text) return true;
  return text.split(/[;&|\n]+/).some((part) => {
    const words = part.trim().split(/\s+/);
    return withoutSecrets(words).some((word, i) => word !== words[i]);
  });
}

function hideIn(word: string): string {
  const assigned = withoutUsers(word).replace(ASSIGNED, (all, start: string, name: string) =>
    isSecretName(name) && !all.includes("://") ? start + HIDDEN : all,
  );
  return assigned.replace(TOKENS, HIDDEN);
}

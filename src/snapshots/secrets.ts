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
  /\b(?:gh[opsu]_|github_pat_|glpat-|xox[abeprs]-|sk-|AKIA|npm_|eyJ|AIza|[rs]k_(?:live|test)_)[\w-]{10,}|\bhf_[a-z0-9]{30,}|\b(?:Bearer|Basic)\s+[\w.+/=-]{6,}|(?<=(?:passwo?r?d|pwd|token|secret|(?:api|account|access)_?key)=)[^\s;&"']+|^[^\s:/@]+:[^\s:/@]+(?=@)|(?<=hooks\.slack\.com\/services\/)\S+|-----BEGIN [A-Z ]*PRIVATE KEY-----/gi;

/** The name of a field in JSON, with the beginning of its value. */
const FIELD = /\\?["']([A-Za-z_][\w-]*)\\?["']\s?:\s*[\\"'\w[{-]/g;

/** Whether a variable is left out by value. Pure. */
export function isSecret(name: string, value: string): boolean {
  if (value === "") return false;
  if (isSecretName(name) || withoutUsers(value).replace(TOKENS, hidden) !== value) return true;
  return [...value.matchAll(FIELD)].some(([, field = ""]) => isSecretName(field));
}

/** A value: hidden already, in quotes, in quotes that are themselves quoted, a list, or up to what ends a word. */
const VALUE = String.raw`\*{3}(?=[\s,}\]&"';|]|$)|\\"(?:(?!\\")[\s\S])*\\"|"(?:[^"\\]|\\[\s\S])*"|'[^']*'|["'].*|\[[^\]]{0,4000}\]|(?:(?:Bearer|Basic|token)\s+)?[^\s"';&|]+`;
const NAMED = String.raw`((?:--?)?([A-Za-z_][\w-]*)(?:\\?["']|\])?\s?(?::|=(?!= ))\s*)`;

/** `NAME=value`, `--name=value`, `Name: value`, `"name": "value"`, within any text. */
const ASSIGNED = new RegExp(String.raw`(?<![\w-])${NAMED}(${VALUE})`, "g");
/** A word that is nothing else. */
const WHOLE = new RegExp(String.raw`^${NAMED}([\s\S]+)$`);

/** A text with HIDDEN in the place of each secret that is one by its name or its looks. Pure. */
export function hideIn(text: string): string {
  return withoutUsers(text).replace(ASSIGNED, hideNamed).replace(TOKENS, hidden);
}

/** The same of a word, which is a value to its end where it begins with a name. Pure. */
export function hideInWord(word: string): string {
  return hideIn(withoutUsers(word).replace(WHOLE, hideNamed));
}

function hideNamed(all: string, start: string, name: string, value: string): string {
  const isAddress = /^["']?[a-z][a-z0-9+.-]*:\/\//i.test(value);
  return isSecretName(name) && !isAddress ? start + hidden(value) : all;
}

const VARIABLE = String.raw`\$(?:[A-Z_][A-Z0-9_]*|\{[A-Z_][A-Z0-9_]*\})`;
/** What only says where a shell finds the secret: `$TOKEN`, `me:$PW`. */
const REFERENCE = new RegExp(
  String.raw`^(["']?)(?:(?:Bearer|Basic|token)\s+)?(?:(?:[\w.-]+|${VARIABLE}):)?${VARIABLE}\1$`,
);

/** What is shown in the place of a secret. Pure. */
export function hidden(value: string): string {
  return REFERENCE.test(value) ? value : HIDDEN;
}

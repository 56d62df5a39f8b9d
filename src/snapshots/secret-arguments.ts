import { baseName } from "../lib/names.ts";
import { quotedWords } from "../lib/shell.ts";
import { HIDDEN, hidden, hideIn, hideInWord, isSecretName } from "./secrets.ts";

const OF_MYSQL = ["-p*"];
const OF_LDAP = ["-w"];
const OF_MONGO = ["-p"];
const OF_MOSQUITTO = ["-P"];
const OF_ARCHIVES = ["-p*"];
const OF_LOGIN = ["-p"];

/** Options that carry secrets, of programs that are known for them; with a `*`, only in the same word. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  curl: ["-u", "-U", "-b", "-E", "--user", "--proxy-user", "--cert"],
  wget: ["-u"],
  http: ["-a"],
  https: ["-a"],
  mysql: OF_MYSQL,
  mysqldump: OF_MYSQL,
  mysqladmin: OF_MYSQL,
  mariadb: OF_MYSQL,
  "mariadb-dump": OF_MYSQL,
  mycli: ["-p"],
  sshpass: ["-p"],
  "redis-cli": ["-a"],
  mongo: OF_MONGO,
  mongosh: OF_MONGO,
  mongodump: OF_MONGO,
  mongorestore: OF_MONGO,
  cqlsh: ["-p"],
  sqlcmd: ["-P"],
  influx: ["-t"],
  mosquitto_pub: OF_MOSQUITTO,
  mosquitto_sub: OF_MOSQUITTO,
  mosquitto_rr: OF_MOSQUITTO,
  ldapsearch: OF_LDAP,
  ldapadd: OF_LDAP,
  ldapmodify: OF_LDAP,
  ldapdelete: OF_LDAP,
  ldapwhoami: OF_LDAP,
  ldappasswd: ["-w", "-s", "-a"],
  smbclient: ["-U"],
  rpcclient: ["-U"],
  lftp: ["-u"],
  ipmitool: ["-P"],
  twine: ["-p"],
  openssl: ["-k", "-K", "-passin", "-passout"],
  keytool: ["-storepass", "-keypass"],
  "ssh-keygen": ["-N", "-P"],
  zip: ["-P"],
  unzip: ["-P"],
  "7z": OF_ARCHIVES,
  "7za": OF_ARCHIVES,
  rar: ["-p*", "-hp*"],
  unrar: OF_ARCHIVES,
  docker: OF_LOGIN,
  podman: OF_LOGIN,
  nerdctl: OF_LOGIN,
  helm: OF_LOGIN,
  az: OF_LOGIN,
};
/** Those of which the options are such behind this word alone. */
const BEHIND: Readonly<Record<string, string>> = {
  docker: "login",
  podman: "login",
  nerdctl: "login",
  helm: "login",
  az: "login",
};

/** Letters that stand before another in one word, as in `curl -sSu`. */
const BEFORE = "[fgijklnsvGILNORS]*";

/** Hides the secrets of a command, word by word. */
class Hiding {
  private program = "";
  private options: readonly string[] = [];
  private isNext = false;
  private isCommand = false;

  /** A word as it may be shown. */
  word(word: string): string {
    const shown = this.isNext ? hidden(word) : this.isCommand ? withoutSecretsIn(word) : this.option(word);
    const option = /^--?([A-Za-z][\w-]*)$/.exec(word)?.[1] ?? "";
    const isNamed = (word.startsWith("--") || option.length > 1) && isSecretName(option);
    this.isNext = !this.isNext && (isNamed || this.options.some((one) => this.isOption(one, word)));
    this.isCommand = /^-\w?c$/.test(word);
    const name = baseName(word);
    if (Object.hasOwn(OPTIONS, name)) this.program = name;
    if (this.program !== "" && (BEHIND[this.program] ?? name) === name) this.options = OPTIONS[this.program] ?? [];
    return shown;
  }

  /** Whether the next word is what would be hidden anyway. */
  get isAwaiting(): boolean {
    return this.isNext;
  }

  private isOption(one: string, word: string): boolean {
    if (one.endsWith("*")) return false;
    return word === one || (one.length === 2 && new RegExp(`^-${BEFORE}${one[1]}$`).test(word));
  }

  /** A word that may have its value with it. */
  private option(word: string): string {
    for (const one of this.options) {
      const name = one.replace("*", "");
      const before = one.length === 2 ? BEFORE : "";
      const form = name.startsWith("--") ? `^(${name}=)(.+)$` : `^(-${before}${name.slice(1)})(.+)$`;
      const [, start, value] = new RegExp(form, "s").exec(word) ?? [];
      const isOther = word.startsWith("--") && !name.startsWith("--");
      if (start !== undefined && value !== undefined && !isOther) return start + hidden(value);
    }
    const shown = hideInWord(word);
    return /\s/.test(shown) ? withoutSecretsIn(shown) : shown;
  }
}

/** The arguments of a program without the secrets among them: in the place of each stands HIDDEN. Pure. */
export function withoutSecrets(argv: readonly string[]): string[] {
  const hiding = new Hiding();
  return argv.map((word) => hiding.word(word));
}

/** Blanks, what ends a command, a word, and a quote that has no end. */
const PIECES =
  /(?<blank>[^\S\n]+)|(?<end>[;&|()\n]+)|(?<word>(?:"(?:[^"\\]|\\[\s\S])*"|'[^']*'|\\[\s\S]|[^\s;&|()"'\\])+)|["'\\]/g;
const QUOTED = /"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|\\([\s\S])/g;

/** A command line, or several, or any other text, without the secrets in it. Pure. */
export function withoutSecretsIn(text: string): string {
  let shown = "";
  let hiding = new Hiding();
  for (const { 0: piece, groups } of text.matchAll(PIECES)) {
    if (groups?.end !== undefined) hiding = new Hiding();
    // where that word ends is not known
    else if (groups?.blank === undefined && groups?.word === undefined && hiding.isAwaiting)
      return hideIn(shown + HIDDEN);
    shown += groups?.word === undefined ? piece : shownWord(piece, hiding);
  }
  return hideIn(shown);
}

function shownWord(piece: string, hiding: Hiding): string {
  const word = piece.replace(QUOTED, (_, double?: string, single?: string, escaped?: string) =>
    double === undefined ? (single ?? escaped ?? "") : double.replace(/\\([\\"$`\n])/g, "$1"),
  );
  const shown = hiding.word(word);
  if (shown === word) return piece;
  return piece !== word && /[\s"'\\;&|()]/.test(shown) ? quotedWords([shown]) : shown;
}

/** Whether a command line, or several, or any other text, holds a secret. Pure. */
export function isSecretText(text: string): boolean {
  return withoutSecretsIn(text) !== text;
}

import { readText } from "./files.ts";
import { effectiveUid } from "./uid.ts";

/**
 * The name of the effective user, from the user database and never from $USER, which anyone can set.
 * Users that /etc/passwd does not list (LDAP, macOS) are asked of id(1); a user without a name is "uid-N".
 */
export function effectiveUser(): string {
  const uid = effectiveUid();
  for (const line of (readText("/etc/passwd") ?? "").split("\n")) {
    const [name, , id] = line.split(":");
    if (name && Number(id) === uid && id !== "") return name;
  }
  const id = Bun.spawnSync(["id", "-un"], { stderr: "ignore" });
  const name = id.success ? id.stdout.toString().trim() : "";
  return /^[\w.-]+$/.test(name) && !/^\d+$/.test(name) ? name : `uid-${uid}`;
}

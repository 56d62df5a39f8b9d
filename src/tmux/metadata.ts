import { isPlainName, NAME_LETTERS } from "../lib/names.ts";
import type { TmuxCommand } from "./command-line.ts";
import { METADATA_OPTION } from "./options.ts";

// All keys and values of a pane stand in one option, ` KEY@VALUE KEY@VALUE `, so that tmux itself can list them; a set is
// one command that tmux carries out as a whole, so that none is lost when several are made at once. Keys and values are
// written in letters, digits, "_" and "-", every other byte as "=" and two hex digits: nothing in them is ever syntax.

/** The command that sets one key of a pane's metadata, and leaves the others. */
export function setMetadata(target: string, key: string, value: string): TmuxCommand {
  const name = encode(key);
  const others = `#{?${METADATA_OPTION},#{s/ ${name}@[^ ]* / /:${METADATA_OPTION}}, }`;
  return ["set-option", "-p", "-F", "-t", target, METADATA_OPTION, `${others}${name}@${encode(value)} `];
}

/** The value of such an option that holds these keys and no others. Pure. */
export function encodeAll(records: Readonly<Record<string, string>>): string {
  let option = " ";
  for (const key in records) option += `${encode(key)}@${encode(records[key] ?? "")} `;
  return option;
}

/** Reads the value of the option: an object without a prototype, since a key may be any text. Pure. */
export function decodeAll(option: string): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null);
  for (const record of option.split(" ")) {
    const [key, value] = record.split("@");
    if (key !== undefined && value !== undefined) metadata[decode(key)] = decode(value);
  }
  return metadata;
}

/** A text in letters, digits, "_", "-" and "=". Pure. */
export function encode(text: string): string {
  if (isPlainName(text)) return text; // the usual case
  const bytes = new TextEncoder().encode(text);
  let encoded = "";
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    const letter = String.fromCharCode(byte);
    encoded += NAME_LETTERS.includes(letter) ? letter : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return encoded;
}

/** What encode() was given. Pure. */
export function decode(text: string): string {
  if (!text.includes("=")) return text; // the usual case, without a regular expression
  return text.replace(/(?:=[0-9A-F]{2})+/g, (part) => Buffer.from(part.replaceAll("=", ""), "hex").toString());
}

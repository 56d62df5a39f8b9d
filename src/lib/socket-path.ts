/**
 * How long the path of a socket may be, bytes: sun_path of unix(7) holds 108 on Linux and 104 on macOS, with the zero at
 * its end. Pure.
 */
export function socketPathMax(platform: NodeJS.Platform): number {
  return platform === "darwin" ? 103 : 107;
}

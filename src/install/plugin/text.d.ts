// Texts of the plugin are imported as such, and are in the program.

declare module "*.md" {
  const text: string;
  export default text;
}
declare module "*/LICENSE" {
  const text: string;
  export default text;
}
declare module "*/plugin/opencode.js" {
  const text: string;
  export default text;
}

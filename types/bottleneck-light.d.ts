/** Bottleneck without its Redis part, the build that Octokit's plugins load; the package has types for the whole only. */
declare module 'bottleneck/light.js' {
  export { default } from 'bottleneck';
}

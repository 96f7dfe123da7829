type Numbers = [major: number, minor: number, patch: number];

function numbersOf(version: string): Numbers {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  return [major, minor, patch];
}

/** Accepts a version that is the given one or newer, within the same major version. */
export function atLeast(least: string): (version: string) => boolean {
  const wanted = numbersOf(least);
  return (version) => {
    const found = numbersOf(version);
    if (found[0] !== wanted[0]) return false;
    return found[1] === wanted[1] ? found[2] >= wanted[2] : found[1] > wanted[1];
  };
}

/** Accepts a version of the same major and minor version, the given one or newer. */
export function sameMinor(least: string): (version: string) => boolean {
  return (version) => atLeast(least)(version) && numbersOf(version)[1] === numbersOf(least)[1];
}

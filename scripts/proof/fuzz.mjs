// Specs and files changed at random: each is taken, or refused by one InputError that names a field. Files are cut, overwritten, and given again
// the checksum that they lack. Seeds are fixed: what was found can be found again.
import { fuzzFiles } from './fuzz-files.mjs';
import { fuzzSpecs } from './fuzz-specs.mjs';

export async function prove({ long }) {
  return [...(await fuzzSpecs(long ? 300_000 : 6_000)), ...(await fuzzFiles(long ? 20_000 : 300))];
}

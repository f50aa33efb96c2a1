/** Which fonts the PNG renderer uses: the optional package's, so that a PNG is the same on every machine, else the system's. */
import { createRequire } from 'node:module';

/** The npm package with the TrueType files of Source Sans 3 (SIL Open Font License). */
export const fontPackage = '@expo-google-fonts/source-sans-3';

const faces = [
  '400Regular/SourceSans3_400Regular.ttf',
  '600SemiBold/SourceSans3_600SemiBold.ttf',
  '400Regular_Italic/SourceSans3_400Regular_Italic.ttf',
];

export interface FontOptions {
  loadSystemFonts: boolean;
  fontFiles?: string[];
  sansSerifFamily?: string;
  defaultFontFamily?: string;
}

/** Font options for resvg: the package's files where it is installed, otherwise whatever the system has (DejaVu is what most Linux systems have). */
export function fontOptions(): FontOptions {
  const require = createRequire(import.meta.url);
  try {
    const fontFiles = faces.map((face) => require.resolve(`${fontPackage}/${face}`));
    return { loadSystemFonts: false, fontFiles, sansSerifFamily: 'Source Sans 3', defaultFontFamily: 'Source Sans 3' };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED')
      return { loadSystemFonts: true, sansSerifFamily: 'DejaVu Sans', defaultFontFamily: 'DejaVu Sans' };
    throw error;
  }
}

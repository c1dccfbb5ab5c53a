import { it } from './it';

/** Every word that the program says. Italian comes first; another language is another object of this shape. */
export type Catalogue = typeof it;

export const t: Catalogue = it;

/** The id of the element that the view is in. */
export const MAIN = 'main';

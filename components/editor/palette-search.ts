/** The palette's search field in the page: where `/` leads when the pointer is not over the canvas. */
export const paletteSearchId = 'palette-search'

/** In a browser each sound has a way of its own: see `sendTo`. */
export async function routeSound(_place: string | null, _video: boolean): Promise<void> {}

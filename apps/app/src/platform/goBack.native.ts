import { router } from 'expo-router';

/** To the page before; only where there is one (`canGoBack`). */
export const goBack = (): void => router.back();

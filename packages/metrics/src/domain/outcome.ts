/** How something went; the label that every set uses for it. */
export const OUTCOMES = ['success', 'failure'] as const;

/** The transparency log of the audit. Nothing here knows of Firebase. */
export * from './bytes';
export * from './checkpoint';
export * from './leaf';
export * from './merkle';
export * from './note';
export * from './tiles';

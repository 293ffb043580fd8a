/**
 * Empties a project of the Firestore emulator. The emulator gives what it imported to every project that is asked
 * for, so in a seeded suite a project of a test's own is not empty by itself.
 */
export const emptyProject = async (projectId: string): Promise<void> => {
  const host = process.env['FIRESTORE_EMULATOR_HOST'];
  const url = `http://${host}/emulator/v1/projects/${projectId}/databases/(default)/documents`;
  const response = await fetch(url, { method: 'DELETE', headers: { authorization: 'Bearer owner' } });
  if (!response.ok) throw new Error(`${projectId} could not be emptied: ${response.status} ${await response.text()}`);
};

import { badInput, MusterError } from '@muster/core/errors';
import {
  formatNote,
  NoteError,
  parseNote,
  vouchedBy,
  type NoteSignature,
  type SignedNote,
  type VerifierKey,
} from '@muster/tlog/note';
import { changed, unchanged } from '../../../platform/operations/change';
import { defineChange } from '../../../platform/operations/define-change';
import { witnessKeysFrom } from '../../../platform/adapters/witness-keys';
import { logicalName } from '@muster/core/storage/paths';
import { logCheckpointAt, logHeadAt, toTreeHead } from '../log/log-documents';

/**
 * `audit-cosign`: the revocation record, the head of that size, and the newest, if it is the same. What a witness says is kept
 * with the head for as long as the log; it can be given by whoever carries it, because it proves itself.
 */
export const cosignHead = defineChange('audit-cosign', {
  guarded: false,
  cost: { reads: 3, writes: 3 },
  reads: ({ size }) => [logCheckpointAt(size), logHeadAt()],
  async decide({ work, limits }, { size, cosignature }) {
    const address = logCheckpointAt(size);
    const stored = await work.read(address);
    if (!stored) throw unknownHead(size);
    const note = parseNote(stored.note);
    const { witness, signature, seconds } = witnessed(note, cosignature, witnessKeysFrom(limits.witnessKeys));
    if (vouchedBy(note, witness).signed) return unchanged({ added: false, head: toTreeHead(stored) });

    const cosigned = formatNote({ text: note.text, signatures: [...note.signatures, signature] });
    work.write(address, { ...stored, note: cosigned });
    const newest = await work.read(logHeadAt());
    if (newest?.size === size) work.write(logHeadAt(), { ...newest, note: cosigned });
    return changed(
      { added: true, head: toTreeHead({ ...stored, note: cosigned }) },
      {
        action: 'audit_log.cosigned',
        target: logicalName(address.path),
        metadata: { size, witness: witness.name, seenAt: new Date(seconds * 1000).toISOString() },
      },
    );
  },
});

/** Which of the witnesses it is by, and that it is over this very head. */
const witnessed = (
  { text }: SignedNote,
  line: string,
  keys: readonly VerifierKey[],
): { witness: VerifierKey; signature: NoteSignature; seconds: number } => {
  const signature = signatureIn(text, line);
  for (const witness of keys) {
    const vouched = vouchedBy({ text, signatures: [signature] }, witness);
    if (vouched.signed && vouched.seconds !== null) return { witness, signature, seconds: vouched.seconds };
  }
  throw badInput([
    { field: 'cosignature', problem: 'not over the head of this size, or not by a witness in MUSTER_WITNESS_KEYS' },
  ]);
};

const signatureIn = (text: string, line: string): NoteSignature => {
  try {
    const { signatures } = parseNote(`${text}\n${line.trimEnd()}\n`);
    return signatures[0] as NoteSignature;
  } catch (error) {
    if (error instanceof NoteError) throw badInput([{ field: 'cosignature', problem: error.message }]);
    throw error;
  }
};

const unknownHead = (size: number): MusterError =>
  new MusterError('NOT_FOUND', `No head of ${size} leaves was ever signed.`, {
    reason: 'UNKNOWN_ENTRY',
    fields: [{ field: 'size', problem: 'the size of a head: muster audit head' }],
  });

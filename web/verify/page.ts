/** The page itself: a file is chosen or dropped, read once, and never leaves the machine. */
import type { Verdict } from '@muster/tlog/export';
import { check } from './check';
import { verdictLines } from './verdict-lines';

/** What the page uses of a browser; the rest of Muster is compiled without its types. */
interface Element {
  value: string;
  textContent: string;
  className: string;
  hidden: boolean;
  max: number;
  files: ArrayLike<PickedFile> | null;
  append(child: Element): void;
  replaceChildren(): void;
  addEventListener(kind: string, listener: (event: Dropped) => void): void;
}
interface PickedFile {
  name: string;
  size: number;
  stream(): AsyncIterable<Uint8Array> & { getReader(): Reader };
}
interface Reader {
  read(): Promise<{ done: boolean; value?: Uint8Array }>;
}
interface Dropped {
  preventDefault(): void;
  dataTransfer: { files: ArrayLike<PickedFile> } | null;
}
interface Page {
  getElementById(id: string): Element;
  createElement(name: string): Element;
}
declare const document: Page;

const at = (id: string): Element => document.getElementById(id);

/** Not every browser iterates over a stream. */
const chunksOf = async function* (file: PickedFile): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done || !value) return;
    yield value;
  }
};

const show = (kind: 'good' | 'bad', lines: readonly string[]): void => {
  const verdict = at('verdict');
  verdict.replaceChildren();
  verdict.className = kind;
  for (const line of lines) {
    const paragraph = document.createElement('p');
    paragraph.textContent = line;
    verdict.append(paragraph);
  }
};

/** Two files at once: only the last one that was chosen may show what it found. */
let latest = 0;

const checkFile = async (file: PickedFile): Promise<void> => {
  const turn = (latest += 1);
  const progress = at('progress');
  progress.hidden = false;
  progress.max = file.size;
  try {
    const verdict: Verdict = await check(chunksOf(file), {
      ...{ keys: at('key').value, head: at('head').value, revealed: at('revealed').value, now: new Date() },
      onProgress: (bytes) => {
        progress.value = String(bytes);
      },
    });
    if (turn === latest) show(verdict.ok ? 'good' : 'bad', [file.name, ...verdictLines(verdict)]);
  } catch (error) {
    if (turn === latest)
      show('bad', [`Nothing was checked: ${error instanceof Error ? error.message : String(error)}.`]);
  } finally {
    if (turn === latest) progress.hidden = true;
  }
};

const first = (files: ArrayLike<PickedFile> | null | undefined): void => {
  const file = files?.[0];
  if (file) void checkFile(file);
};

at('file').addEventListener('change', () => first(at('file').files));
at('again').addEventListener('click', () => first(at('file').files));
at('drop').addEventListener('dragover', (event) => event.preventDefault());
at('drop').addEventListener('drop', (event) => {
  event.preventDefault();
  first(event.dataTransfer?.files);
});

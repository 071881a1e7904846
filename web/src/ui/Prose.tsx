import type { ReactNode } from 'react';

/**
 * A text of the service with headings, paragraphs and bold words, which is all the Markdown that it uses. Built from
 * elements, so that nothing in it can be more than text.
 */
export function Prose({ text }: { text: string }) {
  const blocks = text.split(/\n{2,}/).filter((block) => block.trim() !== '');
  return (
    <div className="prose">
      {blocks.map((block) => {
        const heading = /^#+ (.*)$/s.exec(block.trim());
        return heading ? <h2 key={block}>{heading[1]}</h2> : <p key={block}>{emphasised(block)}</p>;
      })}
    </div>
  );
}

function emphasised(block: string): ReactNode[] {
  return block.split('**').map((part, at) =>
    // Every second part stands between two pairs of stars.
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a fixed text never move
    at % 2 === 1 ? <strong key={at}>{part}</strong> : part,
  );
}

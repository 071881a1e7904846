import type { ReactNode } from 'react';

/**
 * Renders the subset of Markdown that the API's texts use: headings, paragraphs and bold words. It builds elements
 * instead of HTML, so that a text cannot inject markup.
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
  return block.split('**').map((part, index) =>
    // Splitting at ** puts the bold parts at odd positions.
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a fixed text never move
    index % 2 === 1 ? <strong key={index}>{part}</strong> : part,
  );
}

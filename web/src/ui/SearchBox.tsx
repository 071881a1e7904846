import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { SearchField } from 'react-aria-components/SearchField';
import { SEARCH_LENGTH } from '../recommendations/filters.ts';
import { Icon } from './Icon.tsx';

/** Typing stops for this long before anything is asked. */
const PAUSE_MS = 300;

/** A search, as one types. */
export function SearchBox({
  value,
  onChange,
  placeholder = 'Symbol or name',
}: {
  value: string;
  onChange: (text: string) => void;
  placeholder?: string;
}) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  // The address may change by other means: a link, the way back, or clearing the filters.
  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      onChange(text.trim());
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onChange]);
  return (
    <SearchField className="field search" value={text} onChange={setText} maxLength={SEARCH_LENGTH}>
      <Label>Search</Label>
      <div className="search-box">
        <Icon name="search" />
        <Input placeholder={placeholder} />
        <Button className="icon-button search-clear">
          <Icon name="close" />
        </Button>
      </div>
    </SearchField>
  );
}

import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { SearchField } from 'react-aria-components/SearchField';
import { SEARCH_LENGTH } from '../recommendations/filters.ts';
import { Icon } from './Icon.tsx';

/** Pause in typing after which the search starts. */
const DEBOUNCE_MS = 300;

/** A search field that searches while the user types. */
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
  // The URL may also change by a link, the back button or clearing the filters.
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
    }, DEBOUNCE_MS);
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

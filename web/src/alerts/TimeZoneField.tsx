import { useMemo } from 'react';
import { Button } from 'react-aria-components/Button';
import { ComboBox } from 'react-aria-components/ComboBox';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Text } from 'react-aria-components/Text';
import { Icon } from '../ui/Icon.tsx';
import { listTimeZones, nameOfTimeZone } from './time-zones.ts';

/** A searchable list of time zones. It keeps the chosen one when the user leaves it with an unfinished search. */
export function TimeZoneField({
  value,
  onChange,
  hint,
}: {
  value: string;
  onChange: (zone: string) => void;
  hint?: string;
}) {
  const zones = useMemo(() => listTimeZones(value), [value]);
  return (
    <ComboBox
      className="field"
      name="timeZone"
      value={value}
      onChange={(zone) => {
        if (typeof zone === 'string') onChange(zone);
      }}
      menuTrigger="focus"
      isRequired
    >
      <Label>Time zone</Label>
      <div className="combo-box">
        <Input />
        <Button className="icon-button">
          <Icon name="chevron" />
        </Button>
      </div>
      {hint && <Text slot="description">{hint}</Text>}
      <Popover className="popover">
        <ListBox
          className="listbox"
          renderEmptyState={() => <p className="option muted">No time zone has this name.</p>}
        >
          {zones.map((zone) => (
            <ListBoxItem key={zone} id={zone} textValue={nameOfTimeZone(zone)} className="option">
              {nameOfTimeZone(zone)}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}

interface Props<T extends string> {
  legend: string;
  name: string;
  // Null: nothing is chosen yet.
  value: T | null;
  options: readonly { value: T; label: string }[];
  onChange: (value: T) => void;
}

// Radios are one choice among a few, all of them in sight.
export function Radios<T extends string>({ legend, name, value, options, onChange }: Props<T>) {
  return (
    <fieldset className="field">
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className="radio">
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}

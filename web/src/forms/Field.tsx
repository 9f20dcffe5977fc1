import { useId, type ComponentProps, type ReactNode } from 'react';

interface Common {
  label: string;
  hint?: string | undefined;
  wrong?: string | undefined;
}

// A field is a label, a hint, the control and what is wrong with it, tied
// together for who cannot see that they stand together.
function Frame({ id, label, hint, wrong, children }: Common & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Notes id={id} hint={hint} wrong={wrong} />
      {children}
    </div>
  );
}

function Notes({ id, hint, wrong }: { id: string; hint?: string | undefined; wrong?: string | undefined }) {
  return (
    <>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {wrong !== undefined && (
        <p className="wrong" id={`${id}-wrong`}>
          {wrong}
        </p>
      )}
    </>
  );
}

function described(id: string, { hint, wrong }: Common) {
  const ids = [hint !== undefined && `${id}-hint`, wrong !== undefined && `${id}-wrong`].filter((part) => part !== false);
  return {
    id,
    'aria-describedby': ids.length === 0 ? undefined : ids.join(' '),
    'aria-invalid': wrong === undefined ? undefined : true,
  };
}

export function TextField({ label, hint, wrong, ...input }: Common & ComponentProps<'input'>) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} wrong={wrong}>
      <input {...described(id, { label, hint, wrong })} {...input} />
    </Frame>
  );
}

export function TextArea({ label, hint, wrong, ...area }: Common & ComponentProps<'textarea'>) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} wrong={wrong}>
      <textarea {...described(id, { label, hint, wrong })} {...area} />
    </Frame>
  );
}

export function SelectField({ label, hint, wrong, ...select }: Common & ComponentProps<'select'>) {
  const id = useId();
  return (
    <Frame id={id} label={label} hint={hint} wrong={wrong}>
      <select {...described(id, { label, hint, wrong })} {...select} />
    </Frame>
  );
}

export function CheckField({ label, hint, wrong, ...input }: Common & Omit<ComponentProps<'input'>, 'type'>) {
  const id = useId();
  return (
    <div className="field field-check">
      <input type="checkbox" {...described(id, { label, hint, wrong })} {...input} />
      <label htmlFor={id}>{label}</label>
      <Notes id={id} hint={hint} wrong={wrong} />
    </div>
  );
}

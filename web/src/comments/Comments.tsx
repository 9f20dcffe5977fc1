import { useState } from 'react';
import { useQuery } from 'urql';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { Done } from '../forms/Done';
import { about } from '../forms/errors';
import { SelectField, TextArea } from '../forms/Field';
import { Form, Submit } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';

const commentFragment = graphql(`
  fragment CommentShown on Comment {
    id
    text
    at
    audience
    author {
      id
      name
    }
    onBehalfOf {
      id
      name
    }
  }
`);

const commentsQuery = graphql(
  `
    query Comments($of: ID!) {
      comments(of: $of, first: 30) {
        nodes {
          id
          ...CommentShown
        }
      }
      everybody: viewerCanComment(of: $of) {
        allowed
      }
      members: viewerCanComment(of: $of, audience: MEMBERS) {
        allowed
      }
    }
  `,
  [commentFragment],
);

const addMutation = graphql(`
  mutation CommentAdd($input: CommentAddInput!) {
    commentAdd(input: $input) {
      comment {
        id
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

// Comments is what was said about a thing, and the place to say more. At a table
// that is also where one objects to its minutes before they are approved.
export function Comments({ of }: { of: string }) {
  const { t } = useTexts();
  const [{ data }, ask] = useQuery({ query: commentsQuery, variables: { of } });
  if (data === undefined || data.comments === null) return null;
  const audiences = [...(data.members?.allowed === true ? (['MEMBERS'] as const) : []), ...(data.everybody?.allowed === true ? (['EVERYBODY'] as const) : [])];
  const { nodes } = data.comments;
  if (nodes.length === 0 && audiences.length === 0) return null;
  return (
    <section aria-labelledby="comments">
      <h2 id="comments">{t('comments.title')}</h2>
      {nodes.length === 0 && <p className="soft">{t('comments.none')}</p>}
      <ul className="rows">
        {nodes.map((one) => (
          <One key={one.id} comment={one} />
        ))}
      </ul>
      {audiences.length > 0 && <Add of={of} audiences={audiences} onAdded={() => ask({ requestPolicy: 'network-only' })} />}
    </section>
  );
}

function One({ comment: given }: { comment: FragmentOf<typeof commentFragment> }) {
  const { t, language } = useTexts();
  const { text, at, audience, author, onBehalfOf } = readFragment(commentFragment, given);
  const who = [author?.name, onBehalfOf?.name].filter((part) => part != null).join(', ');
  return (
    <li>
      <p className="prose">{text ?? t('comments.removed')}</p>
      <p className="small soft">
        {who !== '' && `${who} · `}
        <time dateTime={at}>{formatShort(at, language)}</time>
        {audience !== 'EVERYBODY' && ` · ${t(`commentAudience.${audience}`)}`}
      </p>
    </li>
  );
}

interface AddProps {
  of: string;
  audiences: readonly ('MEMBERS' | 'EVERYBODY')[];
  onAdded: () => void;
}

function Add({ of, audiences, onAdded }: AddProps) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(addMutation);
  const draft = useDraft(`comment ${of}`);
  const [times, setTimes] = useState(0);
  const send = async (text: string, audience: string) => {
    if ((await run({ node: of, text, audience: audiences.find((one) => one === audience) ?? audiences[0] ?? 'EVERYBODY' })) === null) return;
    draft?.drop();
    setTimes((n) => n + 1);
    onAdded();
  };
  return (
    <>
      {times > 0 && <Done key={times}>{t('comments.said')}</Done>}
      <Form key={`form ${times}`} wrong={wrong} draft={draft} label={t('comments.add')} onSubmit={({ text }) => void send(text('text'), text('audience'))}>
        <TextArea label={t('comments.add')} name="text" rows={3} wrong={about('text', wrong)} />
        {audiences.length > 1 && (
          <SelectField label={t('comments.for')} name="audience">
            {audiences.map((one) => (
              <option key={one} value={one}>
                {t(`commentAudience.${one}`)}
              </option>
            ))}
          </SelectField>
        )}
        <Submit busy={busy}>{t('comments.say')}</Submit>
      </Form>
    </>
  );
}

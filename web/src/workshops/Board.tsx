import { useState } from 'react';

import { graphql } from '../api/graphql';
import { useTexts } from '../i18n';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { Add } from './Add';
import { PlaceBoard } from './PlaceBoard';
import { steps, workshopFragment, type Pen, type Step, type WorkshopShown } from './workshop';

const mergeMutation = graphql(
  `
    mutation WorkshopMerge($input: WorkshopPriorityMergeInput!) {
      workshopPriorityMerge(input: $input) {
        workshop {
          id
          ...WorkshopShown
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [workshopFragment],
);

interface Props {
  workshop: WorkshopShown;
  // Null: looks on.
  pen: Pen | null;
  // The group that holds this tablet, where it is known.
  group: string | null;
  organises: boolean;
  again: () => void;
}

// Board is a workshop as a group works on it: a step at a time, everything by touch
// or by keyboard, nothing by dragging.
export function Board({ workshop, pen, group, organises, again }: Props) {
  const { t } = useTexts();
  const [step, setStep] = useState<Step>('PRIORITY');
  const [beside, setBeside] = useState<string | null>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const merge = useAction(mergeMutation);
  const open = workshop.state === 'OPEN' && pen !== null;
  const there = new Set(workshop.board.flatMap(({ priorities }) => priorities.map(({ id }) => id)));
  const merging = chosen.filter((id) => there.has(id));
  const mergeNow = async () => {
    if (pen === null || (await merge.run({ by: pen, priorities: merging })) === null) return;
    setChosen([]);
    again();
  };
  const go = (to: Step) => {
    setStep(to);
    setBeside(null);
    setChosen([]);
  };
  return (
    <div className="workshop">
      {open && (
        <>
          <nav aria-label={t('workshops.steps')}>
            <ol className="workshop-steps">
              {steps.map((one, at) => (
                <li key={one}>
                  <button type="button" aria-pressed={step === one} onClick={() => go(one)}>
                    {at + 1}. {t(`workshops.step.${one}`)}
                  </button>
                </li>
              ))}
            </ol>
          </nav>
          <p className="lead">{t(`workshops.hint.${step}`)}</p>
          {pen !== null && (step === 'PRIORITY' || step === 'RUNNING_PROJECT' || step === 'CAPACITY') && (
            <Add key={step} workshop={workshop} pen={pen} kind={step} beside={beside} onBeside={setBeside} again={again} />
          )}
          {step === 'MERGE' && (
            <div className="workshop-bar">
              <WrongList wrong={merge.wrong} />
              <p role="status">{t('workshops.chosen', { number: merging.length })}</p>
              <button type="button" className="button-main" aria-disabled={merge.busy || merging.length < 2} onClick={() => merging.length > 1 && void mergeNow()}>
                {t('workshops.merge')}
              </button>
            </div>
          )}
        </>
      )}
      <div className="workshop-places">
        {workshop.board.map((place) => (
          <PlaceBoard
            key={place.territory.id}
            place={place}
            step={open ? step : null}
            pen={pen}
            group={group}
            organises={organises}
            chosen={merging}
            onChoose={(id) => setChosen(merging.includes(id) ? merging.filter((one) => one !== id) : [...merging, id])}
            onBeside={setBeside}
            again={again}
          />
        ))}
      </div>
    </div>
  );
}

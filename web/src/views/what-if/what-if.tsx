import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import { useDeployment } from '../../data/deployment-context.ts';
import { Card } from '../../ui/card.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { askedIn, commandOf, paramsOf, type Asked } from './asked.ts';
import { Results } from './results.tsx';
import { SettingsForm } from './settings-form.tsx';
import { useSimulation } from './use-simulation.ts';
import './what-if.css';

/** The simulator: what a preset does over years, with an assumed crowd and price. */
export function WhatIf() {
  const [params, setParams] = useSearchParams();
  const text = params.toString();
  const { preset } = useDeployment().addressBook;
  const asked = useMemo(() => askedIn(new URLSearchParams(text), preset), [text, preset]);
  const { outcome, refused, isRunning, download } = useSimulation(asked);
  const change = (changes: Partial<Asked>): void => {
    setParams(paramsOf({ ...asked, ...changes }), { replace: true, preventScrollReset: true });
  };
  return (
    <section className="page">
      <header className="page-head">
        <h1>What if</h1>
        <p className="faint">Nothing here touches the deployment: your browser computes it.</p>
      </header>
      <div className="what-if">
        <Card title="Assumptions" about="Change them, and the figures follow. The link in your browser holds them all.">
          <SettingsForm
            asked={asked}
            change={change}
            offers={outcome?.preset.name === asked.preset ? outcome.offers : null}
            refused={refused}
          />
        </Card>
        <div className="stack" aria-busy={isRunning}>
          {outcome === null ? (
            refused === null ? (
              <Waiting what="Simulating" />
            ) : (
              <p className="note">There is nothing to show until the assumptions can be read.</p>
            )
          ) : (
            <Results
              outcome={outcome}
              isStale={refused !== null}
              isRunning={isRunning}
              command={refused === null ? commandOf(asked) : null}
              download={download}
            />
          )}
        </div>
      </div>
    </section>
  );
}

import { NavLink, useParams } from 'react-router';

import { NotFound } from '../../app/not-found.tsx';
import { DecisionView } from './decision-view.tsx';
import { Decisions } from './decisions.tsx';
import { ProposeWeights } from './propose-weights.tsx';
import { Votes } from './votes.tsx';
import './governance.css';

const SECTIONS = [
  ['/governance', 'Decisions'],
  ['/governance/weights', 'Propose weights'],
  ['/governance/votes', 'Votes'],
] as const;

/** Who decides, what is being decided, and every way to have a say in it. */
export function Governance() {
  const { section, id } = useParams();
  return (
    <div className="page governance">
      <div className="page-head">
        <h1>Governance</h1>
        <nav className="sections" aria-label="Parts of governance">
          {SECTIONS.map(([to, name]) => (
            <NavLink key={to} to={to} end={section !== 'decision'}>
              {name}
            </NavLink>
          ))}
        </nav>
      </div>
      <Section section={section} id={id} />
    </div>
  );
}

function Section({ section, id }: { readonly section: string | undefined; readonly id: string | undefined }) {
  if (section === undefined) return <Decisions />;
  if (section === 'weights' && id === undefined) return <ProposeWeights />;
  if (section === 'votes' && id === undefined) return <Votes />;
  if (section === 'decision' && id !== undefined) return <DecisionView key={id} given={id} />;
  return <NotFound />;
}

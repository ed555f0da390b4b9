import { useDeployment } from '../../data/deployment-context.ts';
import { useProtocol } from '../../data/use-protocol.ts';
import { useTerms } from '../../data/use-terms.ts';
import { QueryProblem } from '../../ui/query-problem.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { BalancesCard } from './balances-card.tsx';
import { ClockCard } from './clock-card.tsx';
import { EmissionCard } from './emission-card.tsx';
import { LastSettlements } from './last-settlements.tsx';
import { ParticipationCard } from './participation-card.tsx';
import { PriceCard } from './price-card.tsx';
import { SupplyCard } from './supply-card.tsx';
import './overview.css';

/** The whole deployment at a glance. */
export function Overview() {
  const { addressBook } = useDeployment();
  const protocol = useProtocol();
  const terms = useTerms();
  const { name, variant } = addressBook.preset;
  return (
    <section className="page">
      <header className="page-head">
        <h1>Overview</h1>
        <p className="faint">
          Deployed from the preset <strong>{name}</strong>
          {variant === null ? null : ` (${variant})`}
        </p>
      </header>
      <QueryProblem query={protocol} />
      <QueryProblem query={terms} />
      {protocol.data === undefined || terms.data === undefined ? (
        protocol.isError || terms.isError ? null : (
          <Waiting what="Reading epochs and supply" />
        )
      ) : (
        <>
          <div className="overview-top">
            <ClockCard protocol={protocol.data} terms={terms.data} />
            <SupplyCard protocol={protocol.data} terms={terms.data} />
          </div>
          <LastSettlements protocol={protocol.data} terms={terms.data} />
          <EmissionCard protocol={protocol.data} terms={terms.data} />
          <BalancesCard protocol={protocol.data} />
          <div className="columns">
            <ParticipationCard protocol={protocol.data} />
            <PriceCard protocol={protocol.data} />
          </div>
        </>
      )}
    </section>
  );
}

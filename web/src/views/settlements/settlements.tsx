import { useParams } from 'react-router';

import { useProtocol } from '../../data/use-protocol.ts';
import { useTerms } from '../../data/use-terms.ts';
import { Problem } from '../../ui/problem.tsx';
import { Waiting } from '../../ui/waiting.tsx';
import { EpochDetail } from './epoch-detail.tsx';
import { EpochList } from './epoch-list.tsx';
import './settlements.css';

/** Every settlement, or one of them with all that is known about it. */
export function Settlements() {
  const { epoch } = useParams();
  const protocol = useProtocol();
  const terms = useTerms();
  const error = protocol.error ?? terms.error;
  const again = (): void => {
    void protocol.refetch();
    void terms.refetch();
  };
  if (protocol.data === undefined || terms.data === undefined) {
    return (
      <section className="page">
        <h1>Settlements</h1>
        {error === null ? <Waiting what="Reading every settlement" /> : <Problem error={error} again={again} />}
      </section>
    );
  }
  return (
    <section className="page">
      {error === null ? null : <Problem error={error} again={again} />}
      {epoch === undefined ? (
        <EpochList protocol={protocol.data} terms={terms.data} />
      ) : (
        <EpochDetail key={epoch} given={epoch} protocol={protocol.data} terms={terms.data} />
      )}
    </section>
  );
}

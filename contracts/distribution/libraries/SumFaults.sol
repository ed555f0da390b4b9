// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Audit} from "../../libraries/SettlementLeaf.sol";
import {Settlement} from "../interfaces/ISettlementArithmetic.sol";
import {
    AuditOpening,
    Dispute,
    Fault,
    ISettlementVerifier,
    SumProof,
    TotalsProof
} from "../interfaces/ISettlementVerifier.sol";
import {DisputedEpoch} from "./DisputedEpoch.sol";
import {Openings} from "./Openings.sol";

/// @title SumFaults
/// @notice The running sums: each leaf's from the one before, the last one's against the declaration.
/// @dev All figures are in the ranges of {Audit}, so every sum of two fits 256 bits; one that leaves its own range cannot stand in
/// the next leaf, which is a difference like any other.
library SumFaults {
    using DisputedEpoch for Dispute;

    /// @notice Proves {Fault-Sum}; reverts unless the proof does.
    function checkSum(Dispute calldata dispute, SumProof memory proof) internal pure {
        AuditOpening memory opening = proof.leaf;
        uint256 cohorts = dispute.cohorts().length;
        (, , Audit memory leaf) = dispute.readLeaf(opening, cohorts);
        Audit memory before;
        if (proof.before.length == 0) {
            uint256 index = opening.at.index;
            require(index == 0, ISettlementVerifier.SettlementVerifier_NotAtEdge(index, 0));
            before = _nothing(dispute.record.tasks.length, cohorts);
        } else {
            Openings.checkLength(proof.before.length, 1);
            (, , before) = dispute.readLeaf(proof.before[0], cohorts);
            Openings.checkAdjacent(proof.before[0].at.index, opening.at.index);
        }
        bool follows =
            _follows(dispute.record.minScores, before, leaf) &&
                leaf.runGranted == before.runGranted + dispute.grantDown(leaf.scores);
        require(!follows, ISettlementVerifier.SettlementVerifier_NoFault(Fault.Sum));
    }

    /// @notice Proves {Fault-Totals}; reverts unless the proof does.
    function checkTotals(Dispute calldata dispute, TotalsProof memory proof) internal pure {
        uint256 index = proof.leaf.at.index;
        (, , Audit memory leaf) = dispute.readLeaf(proof.leaf, dispute.cohorts().length);
        // A leaf was read, so there is a last one.
        uint256 last = dispute.settlement.leafCount - 1;
        require(index == last, ISettlementVerifier.SettlementVerifier_NotAtEdge(index, last));
        require(!_matches(dispute.settlement, leaf), ISettlementVerifier.SettlementVerifier_NoFault(Fault.Totals));
    }

    /// @dev The sums before the first leaf.
    function _nothing(uint256 tasks, uint256 cohorts) private pure returns (Audit memory audit) {
        audit.runScores = new uint256[](tasks);
        audit.runParticipants = new uint256[](tasks);
        audit.runAccelerated = new uint256[](cohorts);
    }

    /// @dev Whether all sums but that of the grants are those before plus the leaf's own figures.
    function _follows(uint96[] calldata minScores, Audit memory before, Audit memory leaf) private pure returns (bool) {
        for (uint256 i = 0; i < minScores.length; ++i) {
            uint256 score = leaf.scores[i];
            if (leaf.runScores[i] != before.runScores[i] + score) return false;
            uint256 counts = score >= minScores[i] ? 1 : 0;
            if (leaf.runParticipants[i] != before.runParticipants[i] + counts) return false;
        }
        for (uint256 j = 0; j < leaf.accelerated.length; ++j) {
            if (leaf.runAccelerated[j] != before.runAccelerated[j] + leaf.accelerated[j]) return false;
        }
        return true;
    }

    /// @dev Whether the leaf's sums are what was declared.
    function _matches(Settlement calldata settlement, Audit memory leaf) private pure returns (bool) {
        if (leaf.runGranted != settlement.granted) return false;
        for (uint256 i = 0; i < leaf.runScores.length; ++i) {
            if (leaf.runScores[i] != settlement.scoreTotals[i]) return false;
            if (leaf.runParticipants[i] != settlement.participants[i]) return false;
        }
        for (uint256 j = 0; j < leaf.runAccelerated.length; ++j) {
            if (leaf.runAccelerated[j] != settlement.accelerated[j]) return false;
        }
        return true;
    }
}

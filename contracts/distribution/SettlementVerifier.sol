// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {SettlementLeaf} from "../libraries/SettlementLeaf.sol";
import {VestingCurve} from "../vesting/libraries/VestingCurve.sol";
import {Settlement} from "./interfaces/ISettlementArithmetic.sol";
import {
    Dispute,
    DroppedProof,
    Fault,
    ISettlementVerifier,
    LeafAnswer,
    LeafCountProof,
    MalformedProof,
    Opening,
    OrderProof,
    SumProof,
    TotalsProof,
    TransitionProof
} from "./interfaces/ISettlementVerifier.sol";
import {AccountFaults} from "./libraries/AccountFaults.sol";
import {Openings, Tree} from "./libraries/Openings.sol";
import {LeafWords} from "./libraries/RawLeaf.sol";
import {SumFaults} from "./libraries/SumFaults.sol";
import {TreeFaults} from "./libraries/TreeFaults.sol";

/// @title SettlementVerifier
/// @dev Knows no other contract and keeps nothing: what it is given decides. The distributor makes the dispute from its own
/// state. Its twin in TypeScript judges the same bytes the same way, which the tests hold both to.
///
/// Only figures that a prover supplies are read without mercy: a list of the wrong length, a path that leads elsewhere or an
/// encoding that is none reverts. Bytes behind a hash of the tree are read by {RawLeaf} alone, which never does.
contract SettlementVerifier is ISettlementVerifier {
    /// @inheritdoc ISettlementVerifier
    function proves(Dispute calldata dispute, Fault fault, bytes calldata proof) external pure returns (bool) {
        if (fault == Fault.Order) AccountFaults.checkOrder(dispute, abi.decode(proof, (OrderProof)));
        else if (fault == Fault.Sum) SumFaults.checkSum(dispute, abi.decode(proof, (SumProof)));
        else if (fault == Fault.Totals) SumFaults.checkTotals(dispute, abi.decode(proof, (TotalsProof)));
        else if (fault == Fault.LeafCount) TreeFaults.checkLeafCount(dispute, abi.decode(proof, (LeafCountProof)));
        else if (fault == Fault.Transition)
            AccountFaults.checkTransition(dispute, abi.decode(proof, (TransitionProof)));
        else if (fault == Fault.Dropped) AccountFaults.checkDropped(dispute, abi.decode(proof, (DroppedProof)));
        else TreeFaults.checkMalformed(dispute, abi.decode(proof, (MalformedProof)));
        return true;
    }

    /// @inheritdoc ISettlementVerifier
    function opens(
        Settlement calldata settlement,
        uint32 index,
        LeafAnswer calldata answer
    ) external pure returns (bool) {
        Tree memory tree = Tree(settlement.root, settlement.leafCount);
        LeafWords memory leafWords = Openings.open(tree, Opening(index, answer.siblings, answer.leaf));
        // Declared lists are aligned to the record's tasks and the total's cohorts, see {Declaration}.
        uint256 auditLength = SettlementLeaf.auditLength(settlement.participants.length, settlement.accelerated.length);
        Openings.checkLength(answer.audit.length, auditLength);
        require(VestingCurve.isEncodedLength(answer.curve.length), SettlementVerifier_Malformed(index));
        Openings.checkPreimage(answer.curve, leafWords.curveHash);
        Openings.checkPreimage(answer.audit, leafWords.auditHash);
        return true;
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochRecord} from "../../../contracts/distribution/interfaces/IEpochParameters.sol";
import {Settlement} from "../../../contracts/distribution/interfaces/ISettlementArithmetic.sol";
import {Payout, SettlementOutcome} from "../../../contracts/distribution/libraries/SettlementOutcome.sol";
import {PositionalMerkle} from "../../../contracts/libraries/PositionalMerkle.sol";
import {Audit, SettlementLeaf} from "../../../contracts/libraries/SettlementLeaf.sol";
import {SettlementMath} from "../../../contracts/libraries/SettlementMath.sol";
import {Epoch} from "../../../contracts/types/Epoch.sol";
import {Claim} from "../../../contracts/vesting/interfaces/IVestingVault.sol";
import {Curve, VestingCurve} from "../../../contracts/vesting/libraries/VestingCurve.sol";

/// @title Community
/// @notice Seven members who work at random, and the honest settlement of what they do: scores, grants, accelerations, curves,
/// leaves and tree, all in memory of this contract so that any old leaf can be claimed later.
contract Community {
    using VestingCurve for Curve;

    uint256 public constant MEMBERS = 7;

    /// @dev One member's leaf in one settlement.
    struct Leaf {
        bool exists;
        uint32 index;
        Curve curve;
        bytes32 auditHash;
    }

    /// @dev What {prepare} works on: arrays by task and by cohort.
    struct Draft {
        EpochRecord record;
        uint256[][] scores;
        uint256[] budgets;
        uint256[] cohorts;
        uint128[] scoreTotals;
        Audit running;
        uint256 seed;
    }

    /// @dev Leaves and tree of each epoch; the newest entry of an epoch counts.
    mapping(uint32 epoch => mapping(uint256 member => Leaf)) internal _leaves;
    mapping(uint32 epoch => bytes32[]) internal _tree;

    /// @notice Members by rising address.
    function memberAt(uint256 index) public pure returns (address) {
        return address(uint160(0x1000 * (index + 1)));
    }

    /// @notice The member's curve in the tree of an epoch; empty if the member has no leaf there.
    function curveOf(uint32 epoch, uint256 member) public view returns (Curve memory) {
        return _leaves[epoch][member].curve;
    }

    /// @notice Whether the member has a leaf in the tree of an epoch.
    function hasLeaf(uint32 epoch, uint256 member) public view returns (bool) {
        return _leaves[epoch][member].exists;
    }

    /// @notice Settles an epoch honestly with scores and usage drawn from `seed`.
    function prepare(
        EpochRecord memory record,
        uint256 reserve,
        Curve memory total,
        uint256 seed
    ) external returns (Settlement memory settlement) {
        Draft memory draft;
        draft.record = record;
        draft.seed = seed;
        draft.cohorts = total.roll(record.end).cohorts;
        uint256 tasks = record.tasks.length;
        settlement.participants = new uint32[](tasks);
        settlement.scoreTotals = new uint128[](tasks);
        settlement.accelerated = new uint128[](draft.cohorts.length);
        settlement.reportCid = keccak256(abi.encode("report", record.epoch, seed));
        _drawScores(draft, settlement);
        draft.scoreTotals = settlement.scoreTotals;

        Payout memory payout = SettlementOutcome.payoutOf(record, settlement.participants, reserve);
        (draft.budgets, ) = SettlementMath.taskBudgetsDown(payout.miners, record.weights, settlement.participants);
        draft.running = Audit({
            scores: new uint256[](tasks),
            accelerated: new uint256[](draft.cohorts.length),
            runScores: new uint256[](tasks),
            runParticipants: new uint256[](tasks),
            runGranted: 0,
            runAccelerated: new uint256[](draft.cohorts.length)
        });

        bytes32[] storage tree = _tree[record.epoch.number()];
        while (tree.length != 0) tree.pop();
        for (uint256 i = 0; i < MEMBERS; ++i) _settleMember(draft, settlement, i);
        settlement.granted = uint128(draft.running.runGranted);
        settlement.leafCount = uint32(tree.length);
        settlement.root = _rootOf(tree);
    }

    /// @notice The claim of a member in the tree of an epoch.
    function claimOf(uint32 epoch, uint256 member) external view returns (Claim memory) {
        Leaf memory leaf = _leaves[epoch][member];
        return
            Claim({
                epoch: Epoch.wrap(epoch),
                account: memberAt(member),
                index: leaf.index,
                curve: leaf.curve,
                auditHash: leaf.auditHash,
                proof: _proofOf(_tree[epoch], leaf.index)
            });
    }

    /* SCORES */

    function _drawScores(Draft memory draft, Settlement memory settlement) private pure {
        uint256 tasks = draft.record.tasks.length;
        draft.scores = new uint256[][](MEMBERS);
        // Sometimes nobody works at all, and sometimes nobody works on one of the tasks.
        bool quiet = draft.seed % 7 == 0;
        uint256 idleTask = (draft.seed >> 8) % (2 * tasks);
        for (uint256 i = 0; i < MEMBERS; ++i) {
            draft.scores[i] = new uint256[](tasks);
            for (uint256 j = 0; j < tasks; ++j) {
                uint256 draw = uint256(keccak256(abi.encode(draft.seed, i, j)));
                if (quiet || j == idleTask || draw % 3 == 0) continue;
                uint256 score = (draw >> 8) % 5 == 0 ? (draw >> 16) % 1e24 : (draw >> 16) % 40;
                draft.scores[i][j] = score;
                settlement.scoreTotals[j] += uint128(score);
                if (score >= draft.record.minScores[j]) ++settlement.participants[j];
            }
        }
    }

    /* LEAVES */

    function _settleMember(Draft memory draft, Settlement memory settlement, uint256 member) private {
        uint32 epoch = draft.record.epoch.number();
        // An earlier proposal of this epoch may have been dropped.
        delete _leaves[epoch][member];
        Leaf storage leaf = _leaves[epoch][member];
        Curve memory curve;
        bool existed = epoch != 0 && _leaves[epoch - 1][member].exists;
        if (existed) curve = _leaves[epoch - 1][member].curve;
        bool scored = false;
        for (uint256 j = 0; j < draft.scores[member].length; ++j) if (draft.scores[member][j] != 0) scored = true;
        leaf.exists = existed || scored;
        if (!leaf.exists) return;

        curve = curve.roll(draft.record.end);
        uint256[] memory accelerated = _accelerated(draft, curve, member);
        uint256 sum = 0;
        for (uint256 j = 0; j < accelerated.length; ++j) {
            sum += accelerated[j];
            settlement.accelerated[j] += uint128(accelerated[j]);
        }
        uint256 grant = SettlementMath.grantDown(
            draft.budgets,
            draft.scores[member],
            draft.scoreTotals,
            draft.record.accountCap
        );
        leaf.curve = curve.accelerate(sum).join(grant, draft.record.cohortEnd, draft.record.duration);
        leaf.auditHash = _audit(draft, member, accelerated, grant);
        bytes32[] storage tree = _tree[epoch];
        leaf.index = uint32(tree.length);
        tree.push(SettlementLeaf.hash(memberAt(member), leaf.curve.hash(), leaf.auditHash));
    }

    /// @dev What usage takes out of each cohort of the total curve for this member: oldest end first.
    function _accelerated(
        Draft memory draft,
        Curve memory curve,
        uint256 member
    ) private pure returns (uint256[] memory amounts) {
        amounts = new uint256[](draft.cohorts.length);
        uint256 most = VestingCurve.accelerationLimitDown(curve.left(), draft.record.accelerationBound);
        uint256 draw = uint256(keccak256(abi.encode(draft.seed, "usage", member)));
        uint256 rest =
            draw % 3 == 0
                ? 0
                : draw % 3 == 1
                    ? most
                    : draw % (most + 1);
        for (uint256 i = 0; i < curve.cohorts.length; ++i) {
            uint256 face = VestingCurve.amountOf(curve.cohorts[i]);
            uint256 taken = rest < face ? rest : face;
            rest -= taken;
            for (uint256 j = 0; j < draft.cohorts.length; ++j) {
                if (VestingCurve.endOf(draft.cohorts[j]) == VestingCurve.endOf(curve.cohorts[i])) amounts[j] = taken;
            }
        }
    }

    function _audit(
        Draft memory draft,
        uint256 member,
        uint256[] memory accelerated,
        uint256 grant
    ) private pure returns (bytes32) {
        Audit memory running = draft.running;
        running.scores = draft.scores[member];
        running.accelerated = accelerated;
        running.runGranted += grant;
        for (uint256 j = 0; j < running.scores.length; ++j) {
            running.runScores[j] += running.scores[j];
            if (running.scores[j] >= draft.record.minScores[j]) ++running.runParticipants[j];
        }
        for (uint256 j = 0; j < accelerated.length; ++j) running.runAccelerated[j] += accelerated[j];
        return SettlementLeaf.hashAudit(running);
    }

    /* TREE */

    /// @dev All leaves, padded with zeros to a power of two.
    function _padded(bytes32[] storage tree) private view returns (bytes32[] memory level) {
        level = new bytes32[](1 << PositionalMerkle.depth(tree.length));
        for (uint256 i = 0; i < tree.length; ++i) level[i] = tree[i];
    }

    function _up(bytes32[] memory level) private pure returns (bytes32[] memory above) {
        above = new bytes32[](level.length / 2);
        for (uint256 i = 0; i < above.length; ++i) {
            above[i] = PositionalMerkle.node(level[2 * i], level[2 * i + 1]);
        }
    }

    function _rootOf(bytes32[] storage tree) private view returns (bytes32) {
        if (tree.length == 0) return 0;
        bytes32[] memory level = _padded(tree);
        while (level.length > 1) level = _up(level);
        return level[0];
    }

    function _proofOf(bytes32[] storage tree, uint256 index) private view returns (bytes32[] memory proof) {
        if (tree.length == 0) return proof;
        proof = new bytes32[](PositionalMerkle.depth(tree.length));
        bytes32[] memory level = _padded(tree);
        for (uint256 i = 0; i < proof.length; ++i) {
            proof[i] = level[index ^ 1];
            level = _up(level);
            index >>= 1;
        }
    }
}

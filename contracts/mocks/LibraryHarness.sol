// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

import {EpochRecord, Settlement} from "../distribution/interfaces/IEpochDistributor.sol";
import {EpochClock} from "../libraries/EpochClock.sol";
import {PositionalMerkle} from "../libraries/PositionalMerkle.sol";
import {Audit, AuditFault, SettlementLeaf} from "../libraries/SettlementLeaf.sol";
import {Reasons, SettlementMath} from "../libraries/SettlementMath.sol";
import {ReserveMath} from "../reserve/libraries/ReserveMath.sol";
import {Epoch} from "../types/Epoch.sol";
import {Curve, CurveFault, VestingCurve} from "../vesting/libraries/VestingCurve.sol";

/// @title LibraryHarness
/// @notice Opens the pure libraries to the tests, many inputs a call, so that they can be compared with their TypeScript twin.
contract LibraryHarness {
    /// @dev One transition of a curve at an epoch's end.
    struct Step {
        uint256 time;
        uint256 accelerate;
        uint256 grant;
        uint40 end;
        uint40 duration;
    }

    /// @dev What an epoch's payout is split by.
    struct SplitInput {
        uint256 budget;
        uint256 base;
        uint256 levelled;
        uint256 payout;
        uint256 share;
        uint256 cap;
        uint64[] weights;
        uint32[] participants;
        uint128[] scoreTotals;
        uint256[][] scores;
    }

    /// @dev Everything that follows from it.
    struct SplitOutput {
        uint256 foundation;
        uint256 miners;
        uint256[] budgets;
        uint256 unused;
        uint256[] grants;
        uint256 foundationGrant;
        uint256 withheld;
        uint256 injected;
        Reasons reasons;
    }

    /* RESERVE */

    /// @notice Solady's exp.
    function exp(int256[] calldata x) external pure returns (int256[] memory y) {
        y = new int256[](x.length);
        for (uint256 i = 0; i < x.length; ++i) y[i] = FixedPointMathLib.expWad(x[i]);
    }

    /// @notice Solady's ln.
    function ln(int256[] calldata x) external pure returns (int256[] memory y) {
        y = new int256[](x.length);
        for (uint256 i = 0; i < x.length; ++i) y[i] = FixedPointMathLib.lnWad(x[i]);
    }

    /// @notice The logistic of rows a, b, c, nEff.
    function logistic(uint256[4][] calldata rows) external pure returns (uint256[] memory y) {
        y = new uint256[](rows.length);
        for (uint256 i = 0; i < rows.length; ++i) {
            y[i] = ReserveMath.logisticDown(rows[i][0], rows[i][1], rows[i][2], rows[i][3]);
        }
    }

    /// @notice The price term of rows alpha, price, priceRef.
    function priceTerm(uint256[3][] calldata rows) external pure returns (int256[] memory y) {
        y = new int256[](rows.length);
        for (uint256 i = 0; i < rows.length; ++i) y[i] = ReserveMath.priceTermUp(rows[i][0], rows[i][1], rows[i][2]);
    }

    /// @notice Base, ceiling and payout of rows budget, reserve, rho, smoothing and factors.
    function payout(
        uint256[4][] calldata rows,
        int256[] calldata factors
    ) external pure returns (uint256[3][] memory y) {
        y = new uint256[3][](rows.length);
        for (uint256 i = 0; i < rows.length; ++i) {
            uint256 base = ReserveMath.baseDown(rows[i][0], rows[i][1], rows[i][2]);
            uint256 ceiling = ReserveMath.ceilingDown(rows[i][0], rows[i][1], rows[i][3]);
            y[i] = [base, ceiling, ReserveMath.payoutDown(base, factors[i], ceiling)];
        }
    }

    /// @notice The effective participants.
    function effectiveParticipants(
        uint64[][] calldata weights,
        uint32[][] calldata participants
    ) external pure returns (uint256[] memory y) {
        y = new uint256[](weights.length);
        for (uint256 i = 0; i < weights.length; ++i) {
            y[i] = ReserveMath.effectiveParticipants(weights[i], participants[i]);
        }
    }

    /* VESTING */

    /// @notice What each curve has unlocked, read from calldata, and its total.
    function unlockedAt(
        Curve[] calldata curves,
        uint256[] calldata times
    ) external pure returns (uint256[] memory unlocked, uint256[] memory total) {
        unlocked = new uint256[](curves.length);
        total = new uint256[](curves.length);
        for (uint256 i = 0; i < curves.length; ++i) {
            Curve calldata curve = curves[i];
            (, unlocked[i], total[i]) = VestingCurve.openCalldata(curve.unlocked, curve.cohorts, times[i]);
        }
    }

    /// @notice What each curve has unlocked, read from memory, and its total.
    function unlockedInMemory(
        Curve[] memory curves,
        uint256[] calldata times
    ) external pure returns (uint256[] memory unlocked, uint256[] memory total) {
        unlocked = new uint256[](curves.length);
        total = new uint256[](curves.length);
        for (uint256 i = 0; i < curves.length; ++i) {
            unlocked[i] = VestingCurve.unlockedAt(curves[i], times[i]);
            total[i] = VestingCurve.total(curves[i]);
        }
    }

    /// @notice Each curve's hash, by the function for calldata and by the one for memory.
    function curveHash(
        Curve[] calldata curves
    ) external pure returns (bytes32[] memory fromCalldata, bytes32[] memory fromMemory) {
        fromCalldata = new bytes32[](curves.length);
        fromMemory = new bytes32[](curves.length);
        for (uint256 i = 0; i < curves.length; ++i) {
            (fromCalldata[i], , ) = VestingCurve.openCalldata(curves[i].unlocked, curves[i].cohorts, 0);
            fromMemory[i] = VestingCurve.hash(curves[i]);
        }
    }

    /// @notice Each curve's fault at a time.
    function faultAt(
        Curve[] memory curves,
        uint256[] calldata times
    ) external pure returns (CurveFault[] memory faults) {
        faults = new CurveFault[](curves.length);
        for (uint256 i = 0; i < curves.length; ++i) faults[i] = VestingCurve.faultAt(curves[i], times[i]);
    }

    /// @notice Each curve after one transition.
    function transition(Curve[] memory curves, Step[] calldata steps) external pure returns (Curve[] memory) {
        for (uint256 i = 0; i < curves.length; ++i) {
            Step calldata step = steps[i];
            Curve memory curve = VestingCurve.roll(curves[i], step.time);
            curve = VestingCurve.accelerate(curve, step.accelerate);
            curves[i] = VestingCurve.join(curve, step.grant, step.end, step.duration);
        }
        return curves;
    }

    /// @notice The protocol's own curve after an acceleration by cohort.
    function accelerateEach(Curve memory curve, uint128[] memory amounts) external pure returns (Curve memory) {
        return VestingCurve.accelerateEach(curve, amounts);
    }

    /* SPLITS */

    /// @notice The whole split of each payout.
    function split(SplitInput[] memory inputs) external pure returns (SplitOutput[] memory outputs) {
        outputs = new SplitOutput[](inputs.length);
        for (uint256 i = 0; i < inputs.length; ++i) outputs[i] = _split(inputs[i]);
    }

    /* CLOCK, TREE, LEAF, RECORD */

    /// @notice The epoch of a moment and its first and last border.
    function clock(
        uint256 start,
        uint256 length,
        uint256 time
    ) external pure returns (Epoch epoch, uint40 from, uint40 to) {
        epoch = EpochClock.epochAt(start, length, time);
        return (epoch, EpochClock.startOf(start, length, epoch), EpochClock.endOf(start, length, epoch));
    }

    /// @notice The height of a tree.
    function depth(uint256 leafCount) external pure returns (uint256) {
        return PositionalMerkle.depth(leafCount);
    }

    /// @notice Whether a leaf stands at an index.
    function verify(
        bytes32 root,
        uint256 leafCount,
        bytes32 leaf,
        uint256 index,
        bytes32[] calldata siblings
    ) external pure returns (bool) {
        return PositionalMerkle.verify(root, leafCount, leaf, index, siblings);
    }

    /// @notice The root that a leaf leads to.
    function rootFrom(bytes32 leaf, uint256 index, bytes32[] calldata siblings) external pure returns (bytes32) {
        return PositionalMerkle.rootFrom(leaf, index, siblings);
    }

    /// @notice The hash of a leaf.
    function leafHash(address account, bytes32 curve, bytes32 audit) external pure returns (bytes32) {
        return SettlementLeaf.hash(account, curve, audit);
    }

    /// @notice The hash of an audit.
    function auditHash(Audit memory audit) external pure returns (bytes32) {
        return SettlementLeaf.hashAudit(audit);
    }

    /// @notice An audit read from its bytes.
    function decodeAudit(
        bytes memory preimage,
        uint256 tasks,
        uint256 cohorts
    ) external pure returns (AuditFault, Audit memory) {
        return SettlementLeaf.decode(preimage, tasks, cohorts);
    }

    /// @notice The hash of a record.
    function recordHash(EpochRecord memory record) external pure returns (bytes32) {
        return keccak256(abi.encode(record));
    }

    /// @notice The hash of a settlement on its basis.
    function settlementHash(bytes32 basis, Settlement memory settlement) external pure returns (bytes32) {
        return keccak256(abi.encode(basis, settlement));
    }

    /* INTERNAL */

    function _split(SplitInput memory input) private pure returns (SplitOutput memory output) {
        (output.foundation, output.miners) = SettlementMath.split(input.payout, input.share);
        (output.budgets, output.unused) = SettlementMath.taskBudgetsDown(
            output.miners,
            input.weights,
            input.participants
        );
        output.grants = new uint256[](input.scores.length);
        uint256 granted = 0;
        for (uint256 i = 0; i < input.scores.length; ++i) {
            output.grants[i] = SettlementMath.grantDown(output.budgets, input.scores[i], input.scoreTotals, input.cap);
            granted += output.grants[i];
        }
        output.foundationGrant = SettlementMath.foundationGrantDown(output.foundation, granted, output.miners);
        granted += output.foundationGrant;
        (output.withheld, output.injected) = SettlementMath.balance(input.budget, granted);
        bool hasParticipants = false;
        for (uint256 i = 0; i < input.participants.length; ++i) if (input.participants[i] != 0) hasParticipants = true;
        output.reasons = SettlementMath.reasons(
            input.budget,
            input.base,
            input.levelled,
            input.payout,
            input.share,
            output.unused,
            granted,
            hasParticipants
        );
    }
}

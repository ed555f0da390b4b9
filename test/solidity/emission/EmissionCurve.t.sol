// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EmissionCurve} from "../../../contracts/emission/EmissionCurve.sol";
import {IEmissionCurve} from "../../../contracts/emission/interfaces/IEmissionCurve.sol";
import {Epoch} from "../../../contracts/types/Epoch.sol";
import {Base} from "../Base.sol";

/// @notice The emission curve's properties over tables of every shape.
contract EmissionCurveTest is Base {
    uint40 private constant MIN_LENGTH = 12 hours;
    uint40 private constant MAX_LENGTH = 366 days;

    function testFuzz_EmissionNeverFallsAndEndsAtTheTotal(uint256 seed, uint256 first, uint256 second) public {
        EmissionCurve curve = _curve(seed);
        uint256 from = curve.START();
        uint256 span = curve.END() - from;
        first = bound(first, from > 1 days ? from - 1 days : 0, from + span + 1 days);
        second = bound(second, first, from + span + 2 days);

        assertLe(curve.emittedBy(first), curve.emittedBy(second), "EMIT-2 never falls");
        assertEq(curve.emittedBy(from), 0, "EMIT-2 starts at nothing");
        assertEq(curve.emittedBy(curve.END()), curve.TOTAL(), "EMIT-2 ends at the total");
        assertEq(curve.emittedBy(bound(seed, curve.END(), type(uint256).max)), curve.TOTAL(), "EMIT-2 stays there");
    }

    function testFuzz_EmissionMeetsEveryRowAndLiesOnTheLineBetween(uint256 seed, uint256 time) public {
        EmissionCurve curve = _curve(seed);
        IEmissionCurve.Period[] memory table = curve.periods();
        time = bound(time, curve.START(), curve.END() - 1);

        IEmissionCurve.Period memory before = IEmissionCurve.Period(curve.START(), 0);
        for (uint256 i = 0; i < table.length; ++i) {
            assertEq(curve.emittedBy(table[i].end), table[i].cumulative, "EMIT-2 meets every row");
            if (time >= before.end && time < table[i].end) {
                uint256 part =
                    (uint256(table[i].cumulative - before.cumulative) * (time - before.end)) /
                        (table[i].end - before.end);
                assertEq(curve.emittedBy(time), before.cumulative + part, "EMIT-2 lies on the line, rounded down");
            }
            before = table[i];
        }
    }

    function testFuzz_BudgetsAddUpToTheCurve(uint256 seed, uint256 first, uint256 count) public {
        EmissionCurve curve = _curve(seed);
        uint256 epochs = (curve.END() - curve.START()) / curve.EPOCH_LENGTH() + 2;
        first = bound(first, 0, epochs);
        count = bound(count, 1, 30);

        uint256 sum = 0;
        // Backwards: the order of closing plays no part.
        for (uint256 i = count; i > 0; --i) sum += curve.budgetOf(_epoch(first + i - 1));
        uint256 from = curve.emittedBy(curve.startOf(_epoch(first)));
        assertEq(from + sum, curve.emittedBy(curve.endOf(_epoch(first + count - 1))), "EMIT-3 budgets telescope");
    }

    function testFuzz_EveryMomentHasOneEpoch(uint256 seed, uint256 time) public {
        EmissionCurve curve = _curve(seed);
        time = bound(time, curve.START(), type(uint40).max / 2);
        Epoch epoch = curve.epochAt(time);
        assertLe(curve.startOf(epoch), time, "EMIT-3 not before its epoch");
        assertGt(curve.endOf(epoch), time, "EMIT-3 not after its epoch");
        assertEq(curve.endOf(epoch), curve.startOf(epoch.next()), "EMIT-3 no gap, no overlap");
    }

    /// @dev A curve of 1 to 12 periods of every length and size, some of them empty.
    function _curve(uint256 seed) private returns (EmissionCurve) {
        uint256 count = 1 + (_draw(seed, 0) % 12);
        IEmissionCurve.Period[] memory table = new IEmissionCurve.Period[](count);
        // Each fits: bounded by the remainder.
        uint40 start = uint40(_draw(seed, 1) % 4e9);
        uint40 end = start;
        uint128 cumulative = 0;
        for (uint256 i = 0; i < count; ++i) {
            end += uint40(1 + (_draw(seed, 10 + i) % (i % 3 == 0 ? 100 : 1000 days)));
            if (_draw(seed, 30 + i) % 4 != 0) cumulative += uint128(_draw(seed, 50 + i) % (i % 2 == 0 ? 1e30 : 1000));
            table[i] = IEmissionCurve.Period(end, cumulative);
        }
        if (cumulative == 0) table[count - 1].cumulative = 1;
        uint40 length = uint40(bound(_draw(seed, 2), MIN_LENGTH, MAX_LENGTH));
        return new EmissionCurve(start, length, table);
    }

    function _draw(uint256 seed, uint256 number) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, number)));
    }

    function _epoch(uint256 number) private pure returns (Epoch) {
        // Fits: a few thousand at most.
        return Epoch.wrap(uint32(number));
    }
}

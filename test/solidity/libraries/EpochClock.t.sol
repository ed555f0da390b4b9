// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochClock} from "../../../contracts/libraries/EpochClock.sol";
import {EpochHistory} from "../../../contracts/libraries/EpochHistory.sol";
import {LibraryHarness} from "../../../contracts/mocks/LibraryHarness.sol";
import {Epoch} from "../../../contracts/types/Epoch.sol";
import {Base} from "../Base.sol";

/// @notice Which epoch a moment belongs to, and what was in force in it.
contract EpochClockTest is Base {
    using EpochHistory for EpochHistory.History;

    LibraryHarness private harness = LibraryHarness(deployed("LibraryHarness", ""));
    EpochHistory.History private history;

    function test_TellsTheTimeOfTheVectors() public view {
        string memory json = readVectors("epoch-clock");
        uint256[] memory start = vm.parseJsonUintArray(json, ".start");
        uint256[] memory length = vm.parseJsonUintArray(json, ".length");
        uint256[] memory time = vm.parseJsonUintArray(json, ".time");
        uint256[] memory number = vm.parseJsonUintArray(json, ".epoch");
        uint256[] memory from = vm.parseJsonUintArray(json, ".startOf");
        uint256[] memory to = vm.parseJsonUintArray(json, ".endOf");
        for (uint256 i = 0; i < start.length; ++i) {
            Epoch epoch = EpochClock.epochAt(start[i], length[i], time[i]);
            assertEq(epoch.number(), number[i], "epoch");
            assertEq(EpochClock.startOf(start[i], length[i], epoch), from[i], "start");
            assertEq(EpochClock.endOf(start[i], length[i], epoch), to[i], "end");
        }
    }

    function test_RevertWhen_TheMomentIsBeforeTheFirstEpoch() public {
        vm.expectRevert(abi.encodeWithSelector(EpochClock.EpochClock_BeforeStart.selector, 99, 100));
        harness.clock(100, 10, 99);
    }

    function testFuzz_EveryMomentBelongsToOneEpoch(uint256 start, uint256 length, uint256 time) public pure {
        start = bound(start, 0, type(uint32).max);
        length = bound(length, 12 hours, 366 days);
        time = bound(time, start, uint256(type(uint40).max) - 366 days);
        Epoch epoch = EpochClock.epochAt(start, length, time);
        assertLe(EpochClock.startOf(start, length, epoch), time, "EMIT-3 not before its start");
        assertLt(time, EpochClock.endOf(start, length, epoch), "EMIT-3 before its end");
        uint256 end = EpochClock.endOf(start, length, epoch);
        assertEq(end, EpochClock.startOf(start, length, epoch.next()), "EMIT-3 no gap");
        assertTrue(EpochClock.epochAt(start, length, end) == epoch.next(), "EMIT-3 half-open");
    }

    function testFuzz_WhatWasInForceCanAlwaysBeAsked(uint32 first, uint32 gap, uint224 a, uint224 b, uint224 c) public {
        first = uint32(bound(first, 1, type(uint32).max / 4));
        gap = uint32(bound(gap, 1, type(uint32).max / 4));
        Epoch from = Epoch.wrap(first);
        Epoch later = Epoch.wrap(first + gap);
        assertEq(history.push(from, a), 0, "nothing before");
        assertEq(history.push(later, b), a, "the value replaced");
        assertEq(history.push(later, c), b, "the same epoch overwrites");
        assertEq(history.at(Epoch.wrap(first - 1)), 0, "before the first entry");
        assertEq(history.at(from), a, "from its epoch on");
        assertEq(history.at(Epoch.wrap(first + gap - 1)), a, "until the next");
        assertEq(history.at(Epoch.wrap(type(uint32).max)), c, "for ever");
        assertEq(history.latest(), c, "the last one");
        (bool exists, Epoch last) = history.lastFrom();
        assertTrue(exists && last == later, "its epoch");
        vm.expectRevert(abi.encodeWithSelector(EpochHistory.EpochHistory_OutOfOrder.selector, from, later));
        this.pushAgain(from);
    }

    /// @notice Called from outside, so that its revert can be expected.
    function pushAgain(Epoch from) external {
        history.push(from, 1);
    }
}

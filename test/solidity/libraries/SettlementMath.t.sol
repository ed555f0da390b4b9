// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Reasons, SettlementMath} from "../../../contracts/libraries/SettlementMath.sol";
import {LibraryHarness} from "../../../contracts/mocks/LibraryHarness.sol";
import {Base} from "../Base.sol";

/// @notice The exact splits, by the shared vectors and by properties.
contract SettlementMathTest is Base {
    uint256 private constant TASKS = 4;
    uint256 private constant ACCOUNTS = 3;

    LibraryHarness private harness = LibraryHarness(deployed("LibraryHarness", ""));

    function test_SplitsAsTheVectorsSay() public view {
        string memory json = readVectors("splits");
        uint256[] memory budgets = vm.parseJsonUintArray(json, ".budget");
        LibraryHarness.SplitInput[] memory inputs = new LibraryHarness.SplitInput[](budgets.length);
        _readAmounts(json, inputs);
        _readTasks(json, inputs);
        LibraryHarness.SplitOutput[] memory outputs = harness.split(inputs);
        uint256[] memory foundation = vm.parseJsonUintArray(json, ".foundation");
        uint256[] memory unused = vm.parseJsonUintArray(json, ".unused");
        uint256[] memory grants = vm.parseJsonUintArray(json, ".grants");
        uint256[] memory foundationGrants = vm.parseJsonUintArray(json, ".f");
        uint256[] memory withheld = vm.parseJsonUintArray(json, ".withheld");
        uint256[] memory injected = vm.parseJsonUintArray(json, ".injected");
        int256[] memory reasons = vm.parseJsonIntArray(json, ".reasons");
        for (uint256 i = 0; i < outputs.length; ++i) {
            LibraryHarness.SplitOutput memory output = outputs[i];
            assertEq(output.foundation, foundation[i], "foundation");
            assertEq(output.foundation + output.miners, inputs[i].payout, "SETL-3 nothing lost");
            assertEq(output.unused, unused[i], "unused");
            for (uint256 j = 0; j < ACCOUNTS; ++j) assertEq(output.grants[j], grants[i * ACCOUNTS + j], "grant");
            assertEq(output.foundationGrant, foundationGrants[i], "foundation's grant");
            assertEq(output.withheld, withheld[i], "SETL-1 withheld");
            assertEq(output.injected, injected[i], "SETL-1 injected");
            int256[6] memory given = _list(output.reasons);
            for (uint256 j = 0; j < 6; ++j) assertEq(given[j], reasons[i * 6 + j], "SETL-2 reason");
        }
    }

    function test_RevertWhen_ListsDiffer() public {
        LibraryHarness.SplitInput[] memory inputs = new LibraryHarness.SplitInput[](1);
        inputs[0].weights = new uint64[](2);
        inputs[0].participants = new uint32[](1);
        vm.expectRevert(abi.encodeWithSelector(SettlementMath.SettlementMath_LengthMismatch.selector, 2, 1));
        harness.split(inputs);
    }

    function testFuzz_NothingIsLostAndNothingPaidTwice(
        uint256 seed,
        uint128 budget,
        uint128 returned,
        uint128 wanted
    ) public view {
        LibraryHarness.SplitInput[] memory inputs = new LibraryHarness.SplitInput[](1);
        inputs[0] = _anyInput(seed, budget, returned, wanted);
        LibraryHarness.SplitInput memory input = inputs[0];
        LibraryHarness.SplitOutput memory output = harness.split(inputs)[0];

        uint256 budgets = 0;
        for (uint256 i = 0; i < output.budgets.length; ++i) budgets += output.budgets[i];
        assertLe(budgets + output.unused, output.miners, "SETL-3 task budgets within the miners' part");

        uint256 g = 0;
        for (uint256 i = 0; i < output.grants.length; ++i) g += output.grants[i];
        assertLe(g, budgets, "SETL-2 grants within the budgets");
        assertLe(output.foundationGrant, output.foundation, "SETL-4 within its part");
        assertTrue(g != 0 || output.foundationGrant == 0, "SETL-4 nothing without miners");
        uint256 granted = g + output.foundationGrant;
        assertLe(output.foundationGrant * 1e18, granted * input.share, "SETL-4 at most its share");

        assertEq(granted + output.withheld, input.budget + output.injected, "SETL-1 balance");
        assertTrue(output.withheld == 0 || output.injected == 0, "SETL-1 one side");
        int256[6] memory reasons = _list(output.reasons);
        int256 sum = 0;
        for (uint256 i = 0; i < 6; ++i) sum += reasons[i];
        assertEq(sum, int256(input.budget) - int256(granted), "SETL-2 reasons add up");
        assertGe(output.reasons.capAndRounding, 0, "SETL-2 remainders go to the reserve");
    }

    /* HELPERS */

    function _anyInput(
        uint256 seed,
        uint128 budget,
        uint128 returned,
        uint128 wanted
    ) private pure returns (LibraryHarness.SplitInput memory input) {
        uint256 tasks = 1 + (seed % 16);
        uint256 accounts = (seed >> 8) % 6;
        input.budget = budget;
        input.base = uint256(budget) + returned;
        input.levelled = (input.base * uint64(seed >> 16)) / type(uint64).max;
        input.share = uint64(seed >> 80) % 0.5e18;
        input.cap = 0.001e18 + (uint64(seed >> 144) % 0.999e18);
        input.weights = new uint64[](tasks);
        input.participants = new uint32[](tasks);
        input.scoreTotals = new uint128[](tasks);
        input.scores = new uint256[][](accounts);
        uint64 left = 1e18;
        for (uint256 i = 0; i < tasks; ++i) {
            uint64 part =
                i == tasks - 1 ? left : uint64(uint256(keccak256(abi.encode(seed, "weight", i))) % (left + 1));
            (input.weights[i], left) = (part, left - part);
        }
        for (uint256 a = 0; a < accounts; ++a) {
            input.scores[a] = new uint256[](tasks);
            for (uint256 i = 0; i < tasks; ++i) {
                uint256 random = uint256(keccak256(abi.encode(seed, a, i)));
                uint96 score = random % 3 == 0 ? 0 : uint96(random >> (160 + (random % 96)));
                input.scores[a][i] = score;
                input.scoreTotals[i] += score;
                if (score > random % 4) ++input.participants[i];
            }
        }
        bool any = false;
        for (uint256 i = 0; i < tasks; ++i) if (input.participants[i] != 0) any = true;
        input.payout = any ? wanted : 0;
    }

    function _readAmounts(string memory json, LibraryHarness.SplitInput[] memory inputs) private pure {
        uint256[] memory budget = vm.parseJsonUintArray(json, ".budget");
        uint256[] memory base = vm.parseJsonUintArray(json, ".base");
        uint256[] memory levelled = vm.parseJsonUintArray(json, ".levelled");
        uint256[] memory payout = vm.parseJsonUintArray(json, ".payout");
        uint256[] memory share = vm.parseJsonUintArray(json, ".share");
        uint256[] memory cap = vm.parseJsonUintArray(json, ".cap");
        for (uint256 i = 0; i < inputs.length; ++i) {
            (inputs[i].budget, inputs[i].base, inputs[i].levelled) = (budget[i], base[i], levelled[i]);
            (inputs[i].payout, inputs[i].share, inputs[i].cap) = (payout[i], share[i], cap[i]);
        }
    }

    function _readTasks(string memory json, LibraryHarness.SplitInput[] memory inputs) private pure {
        uint256[] memory weights = vm.parseJsonUintArray(json, ".weights");
        uint256[] memory participants = vm.parseJsonUintArray(json, ".participants");
        uint256[] memory totals = vm.parseJsonUintArray(json, ".totals");
        uint256[] memory scores = vm.parseJsonUintArray(json, ".scores");
        for (uint256 i = 0; i < inputs.length; ++i) {
            LibraryHarness.SplitInput memory input = inputs[i];
            input.weights = new uint64[](TASKS);
            input.participants = new uint32[](TASKS);
            input.scoreTotals = new uint128[](TASKS);
            input.scores = new uint256[][](ACCOUNTS);
            for (uint256 j = 0; j < TASKS; ++j) {
                // The vectors fit their fields.
                input.weights[j] = uint64(weights[i * TASKS + j]);
                input.participants[j] = uint32(participants[i * TASKS + j]);
                input.scoreTotals[j] = uint128(totals[i * TASKS + j]);
            }
            for (uint256 a = 0; a < ACCOUNTS; ++a) {
                input.scores[a] = new uint256[](TASKS);
                for (uint256 j = 0; j < TASKS; ++j) input.scores[a][j] = scores[(i * ACCOUNTS + a) * TASKS + j];
            }
        }
    }

    function _list(Reasons memory reasons) private pure returns (int256[6] memory) {
        return
            [
                reasons.reserveReturn,
                reasons.noMiner,
                reasons.participation,
                reasons.priceAndClamp,
                reasons.emptyTask,
                reasons.capAndRounding
            ];
    }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {LibraryHarness} from "../../../contracts/mocks/LibraryHarness.sol";
import {ReserveMath} from "../../../contracts/reserve/libraries/ReserveMath.sol";
import {Base} from "../Base.sol";

/// @notice The reserve's law, by the published figures, against exact values and by properties.
contract ReserveMathTest is Base {
    LibraryHarness private harness = LibraryHarness(deployed("LibraryHarness", ""));

    /* VECTORS */

    function test_GivesThePublishedFigures() public view {
        string memory json = readVectors("reserve-law");
        uint256 a = vm.parseJsonUint(json, ".published.a");
        uint256 b = vm.parseJsonUint(json, ".published.b");
        uint256 c = vm.parseJsonUint(json, ".published.c");
        uint256 tolerance = vm.parseJsonUint(json, ".published.tolerance");
        uint256[] memory nEff = vm.parseJsonUintArray(json, ".published.nEff");
        uint256[] memory y = vm.parseJsonUintArray(json, ".published.y");
        assertEq(nEff.length, 7, "seven published figures");
        for (uint256 i = 0; i < nEff.length; ++i) {
            uint256 given = 1e18 - ReserveMath.logisticDown(a, b, c, nEff[i]);
            assertLe(given > y[i] ? given - y[i] : y[i] - given, tolerance, "y to 1e-12");
        }
    }

    function test_TheLogisticIsWithinItsErrorBelowTheExactValue() public view {
        string memory json = readVectors("reserve-law");
        uint256[] memory a = vm.parseJsonUintArray(json, ".logistic.a");
        uint256[] memory b = vm.parseJsonUintArray(json, ".logistic.b");
        uint256[] memory c = vm.parseJsonUintArray(json, ".logistic.c");
        uint256[] memory nEff = vm.parseJsonUintArray(json, ".logistic.nEff");
        uint256[] memory exact = vm.parseJsonUintArray(json, ".logistic.exactDown");
        for (uint256 i = 0; i < a.length; ++i) {
            uint256 given = ReserveMath.logisticDown(a[i], b[i], c[i], nEff[i]);
            assertLe(given, exact[i], "RSRV-2 L is rounded against release");
            assertLe(exact[i], given + ReserveMath.LOGISTIC_ERROR, "RSRV-2 L is within its declared error");
        }
    }

    function test_ThePriceTermIsWithinItsErrorAboveTheExactValue() public view {
        string memory json = readVectors("reserve-law");
        uint256[] memory alpha = vm.parseJsonUintArray(json, ".priceTerm.alpha");
        uint256[] memory price = vm.parseJsonUintArray(json, ".priceTerm.price");
        uint256[] memory priceRef = vm.parseJsonUintArray(json, ".priceTerm.priceRef");
        int256[] memory exact = vm.parseJsonIntArray(json, ".priceTerm.exactUp");
        for (uint256 i = 0; i < alpha.length; ++i) {
            int256 given = ReserveMath.priceTermUp(alpha[i], price[i], priceRef[i]);
            assertGe(given, exact[i], "RSRV-2 the price term is rounded against release");
            int256 most = exact[i] + int256(ReserveMath.PRICE_TERM_ERROR);
            assertLe(given, most, "RSRV-2 the price term is within its declared error");
        }
    }

    function test_QuotesBaseCeilingAndPayout() public view {
        string memory json = readVectors("reserve-law");
        uint256[] memory budget = vm.parseJsonUintArray(json, ".payout.budget");
        uint256[] memory reserve = vm.parseJsonUintArray(json, ".payout.reserve");
        uint256[] memory rho = vm.parseJsonUintArray(json, ".payout.rho");
        uint256[] memory smoothing = vm.parseJsonUintArray(json, ".payout.smoothing");
        int256[] memory factor = vm.parseJsonIntArray(json, ".payout.factor");
        uint256[] memory payout = vm.parseJsonUintArray(json, ".payout.payout");
        for (uint256 i = 0; i < budget.length; ++i) {
            uint256 base = ReserveMath.baseDown(budget[i], reserve[i], rho[i]);
            uint256 ceiling = ReserveMath.ceilingDown(budget[i], reserve[i], smoothing[i]);
            assertEq(ReserveMath.payoutDown(base, factor[i], ceiling), payout[i], "payout");
        }
    }

    function test_CountsEffectiveParticipantsExactly() public view {
        string memory json = readVectors("reserve-law");
        uint256[] memory weights = vm.parseJsonUintArray(json, ".effective.weights");
        uint256[] memory participants = vm.parseJsonUintArray(json, ".effective.participants");
        uint256[] memory nEff = vm.parseJsonUintArray(json, ".effective.nEff");
        for (uint256 i = 0; i < nEff.length; ++i) {
            uint64[] memory w = new uint64[](4);
            uint32[] memory n = new uint32[](4);
            for (uint256 j = 0; j < 4; ++j) {
                // The vectors fit their fields.
                (w[j], n[j]) = (uint64(weights[4 * i + j]), uint32(participants[4 * i + j]));
            }
            assertEq(ReserveMath.effectiveParticipants(w, n), nEff[i], "nEff");
        }
    }

    function test_RevertWhen_WeightsAndParticipantsDiffer() public {
        uint64[][] memory weights = new uint64[][](1);
        uint32[][] memory participants = new uint32[][](1);
        weights[0] = new uint64[](2);
        participants[0] = new uint32[](1);
        vm.expectRevert(abi.encodeWithSelector(ReserveMath.ReserveMath_LengthMismatch.selector, 2, 1));
        harness.effectiveParticipants(weights, participants);
    }

    /* PROPERTIES */

    function testFuzz_TheLogisticRisesWithParticipants(
        uint256 a,
        uint256 b,
        uint256 c,
        uint256 x,
        uint256 y
    ) public pure {
        (a, b, c) = (bound(a, 1, 1e18), bound(b, 1, 10e18), bound(c, 0, type(uint128).max));
        (x, y) = (bound(x, 0, type(uint128).max), bound(y, 0, type(uint128).max));
        if (x > y) (x, y) = (y, x);
        uint256 low = ReserveMath.logisticDown(a, b, c, x);
        uint256 high = ReserveMath.logisticDown(a, b, c, y);
        assertLe(low, high, "RSRV-2 L rises with n");
        assertLe(high, a, "RSRV-2 L stays below a");
    }

    function testFuzz_TheLogisticRisesWhereItBends(uint256 b, uint256 x, uint256 step) public pure {
        uint256 c = 1_000_000e18;
        b = bound(b, 1e12, 10e18);
        // Exponents from -40 to 40, and neighbours a few wei of participants apart.
        uint256 reach = uint256(40e36) / b;
        x = bound(x, c > reach ? c - reach : 0, c + reach);
        uint256 low = ReserveMath.logisticDown(1e18, b, c, x);
        uint256 high = ReserveMath.logisticDown(1e18, b, c, x + bound(step, 1, 1e18));
        assertLe(low, high, "RSRV-2 L rises with n, where it bends");
    }

    function testFuzz_ThePriceTermRisesWithThePrice(uint64 alpha, uint256 x, uint256 y, uint128 priceRef) public pure {
        if (x > y) (x, y) = (y, x);
        if (x == 0) x = 1;
        if (y == 0) y = 1;
        if (priceRef == 0) priceRef = 1;
        int256 low = ReserveMath.priceTermUp(alpha % (1e18 + 1), x, priceRef);
        int256 high = ReserveMath.priceTermUp(alpha % (1e18 + 1), y, priceRef);
        assertLe(low, high, "RSRV-2 the price term rises with P");
    }

    function testFuzz_ThePriceTermRisesNearTheReference(
        uint64 alpha,
        uint256 x,
        uint256 step,
        uint128 priceRef
    ) public pure {
        if (priceRef == 0) priceRef = 1;
        x = bound(x, 1, uint256(priceRef) * 1000);
        int256 low = ReserveMath.priceTermUp(alpha % (1e18 + 1), x, priceRef);
        int256 high = ReserveMath.priceTermUp(alpha % (1e18 + 1), x + bound(step, 0, priceRef), priceRef);
        assertLe(low, high, "RSRV-2 the price term rises with P, near P_ref");
    }

    function testFuzz_NothingRevertsAndThePayoutIsBounded(
        uint256[6] memory words,
        uint256 price,
        uint256 extremes
    ) public pure {
        uint256 budget = _amount(words[0], extremes);
        uint256 reserve = _amount(words[1], extremes >> 2);
        uint256 nEff = _amount(words[2], extremes >> 4);
        uint256 smoothing = bound(words[3], 2, 3650);
        uint256 rho = bound(words[4], 0, 1e18 / smoothing);
        uint256 priceRef = _amount(words[5], extremes >> 6);
        if (priceRef == 0) priceRef = 1;
        if ((extremes >> 8) & 3 == 0) price = [0, 1, type(uint128).max, type(uint256).max][(extremes >> 10) & 3];
        uint256 level = ReserveMath.logisticDown(1e18, 10e18, words[3] % 1e30, nEff);
        int256 factor = int256(level) - ReserveMath.priceTermUp(1e18, price, priceRef);
        uint256 base = ReserveMath.baseDown(budget, reserve, rho);
        uint256 ceiling = ReserveMath.ceilingDown(budget, reserve, smoothing);
        uint256 payout = ReserveMath.payoutDown(base, factor, ceiling);
        assertLe(base, ceiling, "RSRV-2 what returns is within what may");
        assertLe(payout, budget + reserve / smoothing, "RSRV-2 the payout stays within R + S/T");
    }

    /// @dev An amount below 2^128; half of the time one of 0, 1 and the largest.
    function _amount(uint256 word, uint256 choice) private pure returns (uint256) {
        if (choice & 3 == 0) return 0;
        if (choice & 3 == 1) return word & 1 == 0 ? 1 : type(uint128).max;
        return uint128(word);
    }
}

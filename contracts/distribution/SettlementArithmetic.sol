// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Curve} from "../vesting/libraries/VestingCurve.sol";
import {EpochRecord} from "./interfaces/IEpochParameters.sol";
import {ISettlementArithmetic, Outcome, Settlement} from "./interfaces/ISettlementArithmetic.sol";
import {Declaration} from "./libraries/Declaration.sol";
import {SettlementOutcome} from "./libraries/SettlementOutcome.sol";

/// @title SettlementArithmetic
/// @dev The distributor creates its own and never another: it is code that did not fit into one contract, not a part that
/// could be replaced.
contract SettlementArithmetic is ISettlementArithmetic {
    /// @inheritdoc ISettlementArithmetic
    function check(
        EpochRecord memory record,
        Settlement memory settlement,
        uint256 reserve,
        Curve memory total
    ) external pure {
        Declaration.check(record, settlement, reserve, total);
    }

    /// @inheritdoc ISettlementArithmetic
    function outcomeOf(
        EpochRecord memory record,
        Settlement memory settlement,
        uint256 reserve
    ) external pure returns (Outcome memory) {
        return SettlementOutcome.outcomeOf(record, settlement, reserve);
    }
}

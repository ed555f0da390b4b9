// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Reasons} from "../../libraries/SettlementMath.sol";
import {Curve} from "../../vesting/libraries/VestingCurve.sol";
import {EpochRecord} from "./IEpochParameters.sol";

/// What an operator declares about an epoch.
struct Settlement {
    /// The root of the tree of all accounts after the epoch; 0 exactly if there is none.
    bytes32 root;
    uint32 leafCount;
    /// For each task, how many accounts reached its minimum score.
    uint32[] participants;
    /// For each task, the sum of all scores.
    uint128[] scoreTotals;
    /// g: what all miners together are granted, in wei.
    uint128 granted;
    /// For each unfinished cohort of the total curve, the face amount that usage releases early.
    uint128[] accelerated;
    /// The SHA-256 digest in the content id of the published report.
    bytes32 reportCid;
}

/// What an epoch comes to; all in wei.
struct Outcome {
    /// The most that is paid, to foundation and miners together.
    uint256 payout;
    /// f: the foundation's grant.
    uint256 foundationGranted;
    /// g + f.
    uint256 granted;
    /// What goes to the reserve.
    uint256 withheld;
    /// What the reserve adds.
    uint256 injected;
    /// Why granted and budget differ.
    Reasons reasons;
}

/**
 * @title ISettlementArithmetic
 * @notice The distributor's sums, at an address of their own: no storage, no funds, no power. Anyone may ask what a
 * settlement would come to.
 */
interface ISettlementArithmetic {
    /**
     * @notice Reverts unless a declaration is well formed; see {IEpochDistributor-propose} for the list.
     * @param record The epoch's record.
     * @param settlement What is declared.
     * @param reserve S, in wei.
     * @param total The vault's total curve after the parent.
     */
    function check(
        EpochRecord calldata record,
        Settlement calldata settlement,
        uint256 reserve,
        Curve calldata total
    ) external pure;

    /**
     * @notice What an epoch comes to with a settlement.
     * @param record The epoch's record.
     * @param settlement What is declared; `granted` is at most the miners' part.
     * @param reserve S, in wei.
     */
    function outcomeOf(
        EpochRecord calldata record,
        Settlement calldata settlement,
        uint256 reserve
    ) external pure returns (Outcome memory);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MiningGovernor} from "../MiningGovernor.sol";
import {MiningTimelock} from "../MiningTimelock.sol";

/// @title IHandover: from the council to the holders, once
/// @notice With nothing mined there is nobody to vote, so a council decides at first, behind the same timelock. This
/// contract ends that when enough votes have been delegated, and can do nothing else, ever.
/// @dev It holds the administration of the timelock's roles from the deployment on, and gives it up in {handover}.
interface IHandover {
    /// @notice The holders decide from now on, through the governor alone.
    event GovernanceHandedOver(address indexed caller, uint256 votes, uint256 needed);

    /// @notice It has been done.
    error Handover_Done();

    /// @notice Until then only the council may do it.
    error Handover_NotOpen(address caller, uint256 present, uint256 openAfter);

    /// @notice Delegates must be listed in rising order, so that nobody counts twice.
    error Handover_DelegatesNotRising(address earlier, address later);

    /// @notice The listed delegates hold too few votes.
    error Handover_VotesTooFew(uint256 votes, uint256 needed);

    /// @notice A council that does not hold the timelock's roles.
    error Handover_NotCouncil(address council);

    /// @notice A governor of another timelock.
    error Handover_TimelockMismatch(address timelock, address ofGovernor);

    /// @notice A number of votes that cannot be asked for.
    error Handover_MinimumVotesOutOfRange(uint256 votes, uint256 minimum, uint256 maximum);

    /// @notice A moment that lies too far ahead.
    error Handover_OpenAfterTooLate(uint256 openAfter, uint256 latest);

    /// @notice Makes the governor the only one that schedules in the timelock, and everybody its executor.
    /// @dev A delegate counts with the fewer of the votes of a second ago and those of {STANDING} before: votes that were
    /// borrowed for the occasion don't count. Needed are {MINIMUM_VOTES}, and twice the governor's quorum.
    ///
    /// The governor becomes proposer and canceller; the council loses all its roles; anyone executes; what the council
    /// had scheduled and not executed lapses; the timelock administers its own roles from now on; this contract gives up
    /// its own.
    ///
    /// Emits {GovernanceHandedOver}.
    ///
    /// Requirements:
    /// - it was not done before;
    /// - the caller is the council, or {OPEN_AFTER} has come;
    /// - the delegates rise;
    /// - their votes suffice.
    /// @param delegates Addresses that votes were delegated to, in rising order.
    function handover(address[] calldata delegates) external;

    /// @notice What the delegates would count for now, and what is needed, in wei of votes.
    function votesOf(address[] calldata delegates) external view returns (uint256 votes, uint256 needed);

    /// @notice Whether it has been done.
    function done() external view returns (bool);

    /// @notice The timelock.
    function TIMELOCK() external view returns (MiningTimelock);

    /// @notice The governor, which takes over.
    function GOVERNOR() external view returns (MiningGovernor);

    /// @notice Who decides until then.
    function COUNCIL() external view returns (address);

    /// @notice The votes that are needed whatever the supply, in wei.
    function MINIMUM_VOTES() external view returns (uint256);

    /// @notice From this moment on anyone may do it, unix seconds.
    function OPEN_AFTER() external view returns (uint40);

    /// @notice For how long votes must have been delegated, in seconds.
    function STANDING() external view returns (uint256);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IMiningToken} from "../../token/interfaces/IMiningToken.sol";
import {ILockedSupply} from "../../token/interfaces/ILockedSupply.sol";

/// @notice How the holders vote at first.
/// @param votingDelay From a proposal to the moment whose votes count, in seconds.
/// @param votingPeriod For how long votes are cast from then on, in seconds.
/// @param proposalThreshold The votes that it takes to propose, in wei.
/// @param quorum The part of the supply in circulation that has to take part (wad).
/// @param lateQuorum A quorum that is reached late leaves at least this much time to vote, in seconds.
/// @param quorumFloor The votes that have to take part whatever the supply, in wei.
struct VotingTerms {
    uint48 votingDelay;
    uint32 votingPeriod;
    uint256 proposalThreshold;
    uint256 quorum;
    uint48 lateQuorum;
    uint256 quorumFloor;
}

/// @title IMiningGovernor: the holders decide
/// @notice Whoever holds tokens and has delegated their votes, to himself or to anybody else, proposes and votes. What a
/// vote decides goes through the timelock like everything that is governed.
/// @dev OpenZeppelin's Governor by the token's clock, in seconds: for, against and abstain; settings, late quorum, timelock
/// control. What is added: a quorum of what circulates, bounds that hold against a vote as well, nothing before the
/// hand-over, and an end to what nobody queues.
interface IMiningGovernor {
    /// @notice A setting outside its bounds.
    error MiningGovernor_OutOfRange(bytes32 setting, uint256 value, uint256 minimum, uint256 maximum);

    /// @notice The timelock is the only one there will ever be.
    error MiningGovernor_TimelockFixed(address timelock);

    /// @notice Before the hand-over there is nothing to propose: an old majority of few must not bind the many.
    error MiningGovernor_NotInOffice();

    /// @notice More keepers of locked tokens than a quorum can ask.
    error MiningGovernor_TooManyLocked(uint256 count, uint256 maximum);

    /// @notice What of the supply circulated at a past moment, in wei: all but what vault, reserve and pools had booked.
    /// @param time The moment, unix seconds, before now.
    function circulatingAt(uint256 time) external view returns (uint256);

    /// @notice Who is asked for what is locked.
    function lockedSupplies() external view returns (ILockedSupply[] memory);

    /// @notice The token, whose votes count.
    function TOKEN() external view returns (IMiningToken);

    /// @notice The votes that have to take part whatever the supply, in wei.
    function QUORUM_FLOOR() external view returns (uint256);

    /// @notice How long after the vote a proposal can be queued, in seconds.
    function QUEUE_PERIOD() external view returns (uint256);

    /// @notice The shortest and the longest voting delay, in seconds.
    function MIN_VOTING_DELAY() external view returns (uint256);

    function MAX_VOTING_DELAY() external view returns (uint256);

    /// @notice The shortest and the longest voting period, in seconds.
    function MIN_VOTING_PERIOD() external view returns (uint256);

    function MAX_VOTING_PERIOD() external view returns (uint256);

    /// @notice The least and the greatest quorum (wad of the supply in circulation).
    function MIN_QUORUM() external view returns (uint256);

    function MAX_QUORUM() external view returns (uint256);

    /// @notice The longest time that a late quorum leaves, in seconds.
    function MAX_LATE_QUORUM() external view returns (uint256);

    /// @notice The most votes that proposing may take, in wei: a hundredth of the cap.
    function maxProposalThreshold() external view returns (uint256);
}

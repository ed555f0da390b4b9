// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {MiningGovernor} from "./MiningGovernor.sol";
import {MiningTimelock} from "./MiningTimelock.sol";
import {IHandover} from "./interfaces/IHandover.sol";

/// @title Handover
/// @notice The one way from the council to the holders. The manual is its interface.
contract Handover is IHandover {
    /// @dev Twenty years, as long as the longest published emission: a later date would mean never.
    uint256 private constant MAX_WAIT = 20 * 366 days;

    /// @inheritdoc IHandover
    uint256 public constant STANDING = 7 days;

    /// @inheritdoc IHandover
    MiningTimelock public immutable TIMELOCK;
    /// @inheritdoc IHandover
    MiningGovernor public immutable GOVERNOR;
    /// @inheritdoc IHandover
    address public immutable COUNCIL;
    /// @inheritdoc IHandover
    uint256 public immutable MINIMUM_VOTES;
    /// @inheritdoc IHandover
    uint40 public immutable OPEN_AFTER;

    /// @inheritdoc IHandover
    bool public done;

    /// @param governor The governor; its timelock is the one that is handed over.
    /// @param council Who holds the timelock's roles now.
    /// @param minimumVotes The votes that are needed whatever the supply, in wei.
    /// @param openAfter From when on anyone may hand over, unix seconds.
    constructor(MiningGovernor governor, address council, uint256 minimumVotes, uint40 openAfter) {
        MiningTimelock timelock = MiningTimelock(payable(governor.timelock()));
        bool holds =
            timelock.hasRole(timelock.PROPOSER_ROLE(), council) &&
                timelock.hasRole(timelock.CANCELLER_ROLE(), council) &&
                timelock.hasRole(timelock.EXECUTOR_ROLE(), council);
        require(holds, Handover_NotCouncil(council));
        uint256 cap = governor.TOKEN().CAP();
        require(minimumVotes != 0 && minimumVotes <= cap, Handover_MinimumVotesOutOfRange(minimumVotes, 1, cap));
        uint256 latest = block.timestamp + MAX_WAIT;
        require(openAfter <= latest, Handover_OpenAfterTooLate(openAfter, latest));

        TIMELOCK = timelock;
        GOVERNOR = governor;
        COUNCIL = council;
        MINIMUM_VOTES = minimumVotes;
        OPEN_AFTER = openAfter;
    }

    /* ANYONE, ONCE */

    /// @inheritdoc IHandover
    function handover(address[] calldata delegates) external {
        require(!done, Handover_Done());
        require(
            msg.sender == COUNCIL || block.timestamp >= OPEN_AFTER,
            Handover_NotOpen(msg.sender, block.timestamp, OPEN_AFTER)
        );
        (uint256 votes, uint256 needed) = votesOf(delegates);
        require(votes >= needed, Handover_VotesTooFew(votes, needed));

        done = true;
        emit GovernanceHandedOver(msg.sender, votes, needed);

        bytes32 proposer = TIMELOCK.PROPOSER_ROLE();
        bytes32 canceller = TIMELOCK.CANCELLER_ROLE();
        bytes32 executor = TIMELOCK.EXECUTOR_ROLE();
        TIMELOCK.revokeRole(proposer, COUNCIL);
        TIMELOCK.revokeRole(canceller, COUNCIL);
        TIMELOCK.revokeRole(executor, COUNCIL);
        TIMELOCK.grantRole(proposer, address(GOVERNOR));
        TIMELOCK.grantRole(canceller, address(GOVERNOR));
        // Nobody can hold back what was decided by not executing it.
        TIMELOCK.grantRole(executor, address(0));
        TIMELOCK.handOver();
        TIMELOCK.renounceRole(TIMELOCK.DEFAULT_ADMIN_ROLE(), address(this));
    }

    /* VIEWS */

    /// @inheritdoc IHandover
    function votesOf(address[] calldata delegates) public view returns (uint256 votes, uint256 needed) {
        uint256 present = block.timestamp - 1;
        uint256 earlier = present - STANDING;
        address last = address(0);
        for (uint256 i = 0; i < delegates.length; ++i) {
            address delegate = delegates[i];
            require(delegate > last, Handover_DelegatesNotRising(last, delegate));
            last = delegate;
            votes += Math.min(GOVERNOR.getVotes(delegate, present), GOVERNOR.getVotes(delegate, earlier));
        }
        needed = Math.max(MINIMUM_VOTES, 2 * GOVERNOR.quorum(present));
    }
}

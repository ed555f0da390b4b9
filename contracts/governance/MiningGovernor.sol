// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ILockedSupply} from "../token/interfaces/ILockedSupply.sol";
import {IMiningToken} from "../token/interfaces/IMiningToken.sol";
import {IMiningGovernor, VotingTerms} from "./interfaces/IMiningGovernor.sol";

/// @title MiningGovernor
/// @notice The vote of the token's holders. The manual of what is added to OpenZeppelin's Governor is its interface.
/// @dev Votes and quorum come before the settings, so that the token is known when the first threshold is checked.
contract MiningGovernor is
    GovernorVotesQuorumFraction,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorPreventLateQuorum,
    GovernorTimelockControl,
    IMiningGovernor
{
    using SafeCast for uint256;

    uint256 private constant WAD = 1e18;

    /// @dev The distributor and a pool; more would make each question for a quorum dear.
    uint256 private constant MAX_LOCKED = 4;

    /// @inheritdoc IMiningGovernor
    /// @dev Tokens borrowed within a block never count; an hour lets holders see a proposal before its votes are fixed.
    uint256 public constant MIN_VOTING_DELAY = 1 hours;
    /// @inheritdoc IMiningGovernor
    uint256 public constant MAX_VOTING_DELAY = 30 days;
    /// @inheritdoc IMiningGovernor
    uint256 public constant MIN_VOTING_PERIOD = 1 days;
    /// @inheritdoc IMiningGovernor
    uint256 public constant MAX_VOTING_PERIOD = 30 days;
    /// @inheritdoc IMiningGovernor
    uint256 public constant MIN_QUORUM = 0.01e18;
    /// @inheritdoc IMiningGovernor
    /// @dev The hand-over takes twice the quorum, which must be possible.
    uint256 public constant MAX_QUORUM = 0.5e18;
    /// @inheritdoc IMiningGovernor
    uint256 public constant MAX_LATE_QUORUM = 7 days;
    /// @inheritdoc IMiningGovernor
    /// @dev As long as the timelock's longest delay. A mandate that nobody took up must not lie in wait for years.
    uint256 public constant QUEUE_PERIOD = 14 days;

    /// @inheritdoc IMiningGovernor
    IMiningToken public immutable TOKEN;
    /// @inheritdoc IMiningGovernor
    uint256 public immutable QUORUM_FLOOR;

    /// @dev Set in the constructor and never again.
    ILockedSupply[] private _lockedSupplies;

    /// @param votes The token.
    /// @param controller The timelock.
    /// @param keepers Who is asked for what is locked: the distributor, and the pool if there is one.
    /// @param terms How the holders vote at first.
    constructor(
        IMiningToken votes,
        TimelockController controller,
        ILockedSupply[] memory keepers,
        VotingTerms memory terms
    )
        Governor("MiningGovernor")
        GovernorVotes(IVotes(address(votes)))
        GovernorVotesQuorumFraction(terms.quorum)
        GovernorSettings(terms.votingDelay, terms.votingPeriod, terms.proposalThreshold)
        GovernorPreventLateQuorum(terms.lateQuorum)
        GovernorTimelockControl(controller)
    {
        // With no floor a single wei could decide while nothing circulates.
        _checkRange("quorumFloor", terms.quorumFloor, 1, votes.CAP() / 2);
        require(keepers.length <= MAX_LOCKED, MiningGovernor_TooManyLocked(keepers.length, MAX_LOCKED));
        TOKEN = votes;
        QUORUM_FLOOR = terms.quorumFloor;
        _lockedSupplies = keepers;
    }

    /* GOVERNANCE */

    /// @notice Always reverts: a second timelock could have a shorter delay.
    function updateTimelock(TimelockController) public view override {
        revert MiningGovernor_TimelockFixed(timelock());
    }

    /* VIEWS */

    /// @inheritdoc IMiningGovernor
    function circulatingAt(uint256 time) public view returns (uint256) {
        uint256 supply = token().getPastTotalSupply(time);
        uint48 moment = time.toUint48();
        uint256 locked = 0;
        for (uint256 i = 0; i < _lockedSupplies.length; ++i) locked += _lockedSupplies[i].lockedAt(moment);
        return Math.saturatingSub(supply, locked);
    }

    /// @inheritdoc GovernorVotesQuorumFraction
    function quorum(uint256 time) public view override(Governor, GovernorVotesQuorumFraction) returns (uint256) {
        // Rounded up, so that no fraction of what circulates comes to less than it says.
        uint256 part = Math.mulDiv(circulatingAt(time), quorumNumerator(time), WAD, Math.Rounding.Ceil);
        return Math.max(part, QUORUM_FLOOR);
    }

    /// @inheritdoc IMiningGovernor
    function lockedSupplies() external view returns (ILockedSupply[] memory) {
        return _lockedSupplies;
    }

    /// @inheritdoc IMiningGovernor
    function maxProposalThreshold() public view returns (uint256) {
        return IMiningToken(address(token())).CAP() / 100;
    }

    /// @notice The quorum is a part of 1e18.
    function quorumDenominator() public pure override returns (uint256) {
        return WAD;
    }

    /// @notice Where a proposal stands. One that was carried and not queued in {QUEUE_PERIOD} has expired.
    function state(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (ProposalState current) {
        current = super.state(proposalId);
        if (current == ProposalState.Succeeded && clock() > proposalDeadline(proposalId) + QUEUE_PERIOD) {
            return ProposalState.Expired;
        }
    }

    /// @inheritdoc GovernorPreventLateQuorum
    function proposalDeadline(
        uint256 proposalId
    ) public view override(Governor, GovernorPreventLateQuorum) returns (uint256) {
        return super.proposalDeadline(proposalId);
    }

    /// @inheritdoc GovernorSettings
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    /// @inheritdoc GovernorTimelockControl
    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (bool) {
        return super.proposalNeedsQueuing(proposalId);
    }

    /* INTERNAL: BOUNDS */

    function _setVotingDelay(uint48 newVotingDelay) internal override {
        _checkRange("votingDelay", newVotingDelay, MIN_VOTING_DELAY, MAX_VOTING_DELAY);
        super._setVotingDelay(newVotingDelay);
    }

    function _setVotingPeriod(uint32 newVotingPeriod) internal override {
        _checkRange("votingPeriod", newVotingPeriod, MIN_VOTING_PERIOD, MAX_VOTING_PERIOD);
        super._setVotingPeriod(newVotingPeriod);
    }

    function _setProposalThreshold(uint256 newProposalThreshold) internal override {
        _checkRange("proposalThreshold", newProposalThreshold, 0, maxProposalThreshold());
        super._setProposalThreshold(newProposalThreshold);
    }

    function _updateQuorumNumerator(uint256 newQuorumNumerator) internal override {
        _checkRange("quorum", newQuorumNumerator, MIN_QUORUM, MAX_QUORUM);
        super._updateQuorumNumerator(newQuorumNumerator);
    }

    function _setLateQuorumVoteExtension(uint48 newVoteExtension) internal override {
        _checkRange("lateQuorum", newVoteExtension, 0, MAX_LATE_QUORUM);
        super._setLateQuorumVoteExtension(newVoteExtension);
    }

    function _maxLateQuorumVoteExtension() internal pure override returns (uint256) {
        return MAX_LATE_QUORUM;
    }

    function _checkRange(bytes32 setting, uint256 value, uint256 minimum, uint256 maximum) private pure {
        require(value >= minimum && value <= maximum, MiningGovernor_OutOfRange(setting, value, minimum, maximum));
    }

    /* INTERNAL: PROPOSALS */

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override returns (uint256) {
        TimelockController controller = TimelockController(payable(timelock()));
        require(controller.hasRole(controller.PROPOSER_ROLE(), address(this)), MiningGovernor_NotInOffice());
        return super._propose(targets, values, calldatas, description, proposer);
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}

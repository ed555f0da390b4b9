// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";

import {GuardianCanceller} from "../../../contracts/governance/GuardianCanceller.sol";
import {Handover} from "../../../contracts/governance/Handover.sol";
import {MiningAuthority} from "../../../contracts/governance/MiningAuthority.sol";
import {MiningGovernor} from "../../../contracts/governance/MiningGovernor.sol";
import {MiningTimelock} from "../../../contracts/governance/MiningTimelock.sol";
import {VotingTerms} from "../../../contracts/governance/interfaces/IMiningGovernor.sol";
import {SettableLockedSupply} from "../../../contracts/mocks/governance/SettableLockedSupply.sol";
import {MiningToken} from "../../../contracts/token/MiningToken.sol";
import {ILockedSupply} from "../../../contracts/token/interfaces/ILockedSupply.sol";
import {IMiningToken} from "../../../contracts/token/interfaces/IMiningToken.sol";
import {Base} from "../Base.sol";

/// @title GovernanceHandler
/// @notice What may happen in the holders' time, in any order: tokens move, votes are delegated, proposals of every kind go their
/// way, guardians cancel, attackers try the short cuts.
/// @dev The governed value is the timelock's own delay, and the governor's own settings: the ones that would be worth most to
/// an attacker. What has to hold within a call is noted in {violation}.
contract GovernanceHandler is Base {
    struct Case {
        uint256 id;
        address target;
        bytes payload;
        bytes32 descriptionHash;
        uint256 snapshot;
        uint256 queuedAt;
        uint256 delay;
        bool over;
    }

    uint256 public constant HOLDERS = 5;
    uint256 private constant SHARE = 1_000e18;

    MiningAuthority public authority;
    MiningTimelock public timelock;
    MiningToken public token;
    MiningGovernor public governor;
    Handover public handover;
    GuardianCanceller public canceller;
    SettableLockedSupply public locked = new SettableLockedSupply();

    address public council = makeAddress("council");
    address public guardian = makeAddress("guardian");
    address public mallory = makeAddress("mallory");
    address[HOLDERS] public holders;

    /// @notice The first broken promise seen within a call, by its id; empty if there is none.
    string public violation;

    uint256 public proposed;
    uint256 public executed;
    uint256 public cancelled;
    uint256 public defeated;
    uint256 public refused;
    uint256 public attacks;
    /// @notice How often {advance} took a proposal further.
    uint256 public steps;

    Case[] private _cases;
    mapping(address holder => address) private _delegateOf;
    /// @dev The votes that each holder should have at a case's snapshot, once it is over.
    mapping(uint256 index => mapping(address holder => uint256)) private _votesAt;
    mapping(uint256 index => bool) private _noted;

    constructor() {
        vm.warp(1_700_000_000);
        authority = MiningAuthority(deployed("MiningAuthority", abi.encode(address(this))));
        timelock = MiningTimelock(payable(deployed("MiningTimelock", abi.encode(2 days, council, address(this)))));
        IMiningToken.Allocation[] memory genesis = new IMiningToken.Allocation[](HOLDERS);
        for (uint256 i = 0; i < HOLDERS; ++i) {
            holders[i] = makeAddress(string(abi.encodePacked("holder ", bytes1(uint8(65 + i)))));
            genesis[i] = IMiningToken.Allocation(holders[i], SHARE * (i + 1));
        }
        token = MiningToken(deployed("MiningToken", abi.encode("Lode", "LODE", authority, genesis, 1e24)));
        ILockedSupply[] memory keepers = new ILockedSupply[](1);
        keepers[0] = locked;
        VotingTerms memory terms = VotingTerms(1 days, 3 days, SHARE / 2, 0.2e18, 1 days, SHARE);
        governor = MiningGovernor(payable(deployed("MiningGovernor", abi.encode(token, timelock, keepers, terms))));
        handover = Handover(deployed("Handover", abi.encode(governor, council, SHARE, block.timestamp)));
        canceller = GuardianCanceller(deployed("GuardianCanceller", abi.encode(authority, timelock)));
        bytes4[] memory selectors = new bytes4[](2);
        (selectors[0], selectors[1]) = (canceller.cancel.selector, canceller.cancelBatch.selector);
        authority.setTargetFunctionRole(address(canceller), selectors, 2);
        authority.grantRole(2, guardian, 0);
        authority.seal(address(timelock));
        timelock.grantRole(timelock.CANCELLER_ROLE(), address(canceller));
        timelock.grantRole(timelock.DEFAULT_ADMIN_ROLE(), address(handover));
        timelock.renounceRole(timelock.DEFAULT_ADMIN_ROLE(), address(this));
        for (uint256 i = 0; i < HOLDERS; ++i) _delegate(holders[i], holders[i]);
        vm.warp(block.timestamp + 8 days);
        handover.handover(_risingHolders());
    }

    /* ACTIONS */

    /// @notice Tokens change hands; what is locked, too.
    function move(uint256 seed) external {
        seed = _mix(seed);
        address from = holders[seed % HOLDERS];
        uint256 amount = (token.balanceOf(from) * ((seed >> 8) % 101)) / 100;
        _tick(seed >> 64);
        vm.prank(from);
        token.transfer(holders[(seed >> 16) % HOLDERS], amount);
        if (seed % 3 == 0) locked.set(uint208((seed >> 24) % (16 * SHARE)));
    }

    /// @notice A holder delegates to himself, to another, or to nobody.
    function delegate(uint256 seed) external {
        seed = _mix(seed);
        _tick(seed >> 64);
        uint256 choice = (seed >> 8) % (HOLDERS + 1);
        _delegate(holders[seed % HOLDERS], choice == HOLDERS ? address(0) : holders[choice]);
    }

    /// @notice Somebody with enough votes proposes one of the changes.
    function propose(uint256 seed) external {
        seed = _mix(seed);
        _tick(1);
        for (uint256 i = 0; i < HOLDERS; ++i) {
            address proposer = holders[(seed + i) % HOLDERS];
            if (token.getPastVotes(proposer, block.timestamp - 1) < governor.proposalThreshold()) continue;
            (address target, bytes memory payload) = _change(seed >> 8);
            string memory description = vm.toString(uint256(keccak256(abi.encode(seed, _cases.length))));
            (address[] memory targets, uint256[] memory values, bytes[] memory payloads) = _lists(target, payload);
            vm.prank(proposer);
            uint256 id = governor.propose(targets, values, payloads, description);
            bytes32 hash = keccak256(bytes(description));
            _cases.push(Case(id, target, payload, hash, governor.proposalSnapshot(id), 0, 0, false));
            ++proposed;
            return;
        }
    }

    /// @notice The holders vote about a proposal, mostly for it.
    function vote(uint256 seed) external {
        seed = _mix(seed);
        for (uint256 i = 0; i < _cases.length; ++i) {
            if (_vote(_cases[(seed + i) % _cases.length], seed >> 8)) return;
        }
    }

    /// @notice A proposal goes one step further: to its vote, to the end of it, into the timelock, into effect.
    function advance(uint256 seed) external {
        seed = _mix(seed);
        for (uint256 i = 0; i < _cases.length; ++i) {
            if (!_advance(_cases[(seed + i) % _cases.length], seed >> 8)) continue;
            ++steps;
            return;
        }
    }

    /// @notice A guardian stops what waits.
    function cancel(uint256 seed) external {
        seed = _mix(seed);
        for (uint256 i = 0; i < _cases.length; ++i) {
            Case storage one = _cases[(seed + i) % _cases.length];
            if (governor.state(one.id) != IGovernor.ProposalState.Queued) continue;
            (address[] memory targets, uint256[] memory values, bytes[] memory payloads) = _lists(
                one.target,
                one.payload
            );
            bytes32 salt = bytes20(address(governor)) ^ one.descriptionHash;
            vm.prank(guardian);
            canceller.cancelBatch(targets, values, payloads, 0, salt, "no");
            one.over = true;
            ++cancelled;
            _mustFail(one, "GOV-1 what was cancelled does not execute");
            return;
        }
    }

    /// @notice The short cuts are tried, and must fail.
    function attack(uint256 seed) external {
        seed = _mix(seed);
        (address target, bytes memory payload) = _change(seed);
        address[4] memory callers = [mallory, council, guardian, holders[seed % HOLDERS]];
        for (uint256 i = 0; i < callers.length; ++i) {
            uint256 delay = timelock.getMinDelay();
            bytes[6] memory tries = [
                payload,
                abi.encodeCall(timelock.schedule, (target, 0, payload, 0, 0, delay)),
                abi.encodeCall(timelock.execute, (target, 0, payload, 0, bytes32(seed))),
                abi.encodeCall(timelock.grantRole, (timelock.PROPOSER_ROLE(), callers[i])),
                abi.encodeCall(timelock.handOver, ()),
                abi.encodeCall(handover.handover, (_risingHolders()))
            ];
            for (uint256 j = 0; j < tries.length; ++j) {
                vm.prank(callers[i]);
                (bool success, ) = (
                    j == 0
                        ? target
                        : j == 5
                            ? address(handover)
                            : address(timelock)
                ).call(tries[j]);
                _require(!success, "GOV-1 there is no way around the vote");
            }
            vm.prank(callers[i]);
            (bool taken, ) = address(authority).call(abi.encodeCall(authority.grantRole, (3, callers[i], 0)));
            _require(!taken, "GOV-3 nobody takes governance");
        }
        ++attacks;
    }

    /* VIEWS */

    /// @notice The votes of all holders now, and what they should be by who holds and delegates.
    function votesNow() external view returns (uint256 counted, uint256 expected) {
        for (uint256 i = 0; i < HOLDERS; ++i) {
            counted += token.getVotes(holders[i]);
            if (_delegateOf[holders[i]] != address(0)) expected += token.balanceOf(holders[i]);
        }
    }

    /* STEPS OF A PROPOSAL */

    function _vote(Case storage one, uint256 seed) private returns (bool) {
        if (block.timestamp <= one.snapshot) _warpTo(one.snapshot + 1);
        if (governor.state(one.id) != IGovernor.ProposalState.Active) return false;
        for (uint256 i = 0; i < HOLDERS; ++i) {
            uint256 draw = (seed >> (8 * i)) % 8;
            if (draw == 0 || governor.hasVoted(one.id, holders[i])) continue;
            uint256 before = _sum(one.id);
            vm.prank(holders[i]);
            governor.castVote(
                one.id,
                draw == 1
                    ? 0
                    : draw == 2
                        ? 2
                        : 1
            );
            uint256 counted = _sum(one.id) - before;
            uint256 stood = token.getPastVotes(holders[i], one.snapshot);
            _require(counted == stood, "GOV-4 a vote counts what stood at the snapshot");
        }
        return true;
    }

    function _advance(Case storage one, uint256 seed) private returns (bool) {
        IGovernor.ProposalState state = governor.state(one.id);
        if (state == IGovernor.ProposalState.Pending) return _vote(one, seed);
        if (state == IGovernor.ProposalState.Active) {
            _warpTo(governor.proposalDeadline(one.id) + 1);
            state = governor.state(one.id);
        }
        if (state == IGovernor.ProposalState.Succeeded) {
            (address[] memory targets, uint256[] memory values, bytes[] memory payloads) = _lists(
                one.target,
                one.payload
            );
            governor.queue(targets, values, payloads, one.descriptionHash);
            (one.queuedAt, one.delay) = (block.timestamp, timelock.getMinDelay());
            return true;
        }
        if (state == IGovernor.ProposalState.Queued) {
            // One in four tries too early.
            if (seed % 4 != 0) _warpTo(one.queuedAt + one.delay);
            return _execute(one);
        }
        if (one.over) return false;
        one.over = true;
        if (state == IGovernor.ProposalState.Defeated) ++defeated;
        _mustFail(one, "GOV-1 what is lost, cancelled or done does not execute");
        return true;
    }

    function _execute(Case storage one) private returns (bool) {
        (address[] memory targets, uint256[] memory values, bytes[] memory payloads) = _lists(one.target, one.payload);
        try governor.execute(targets, values, payloads, one.descriptionHash) {
            ++executed;
            _require(!one.over, "GOV-1 what is lost or cancelled does not execute");
            _require(one.queuedAt != 0, "GOV-1 nothing executes that was not scheduled");
            _require(block.timestamp >= one.queuedAt + one.delay, "GOV-1 nothing executes before its delay is over");
            _require(one.delay >= 1 days, "GOV-1 no delay is under a day");
            return true;
        } catch {
            // Too early, or outside of the bounds: it stays where it is.
            ++refused;
            return false;
        }
    }

    /* HELPERS */

    function _mustFail(Case storage one, string memory id) private {
        (address[] memory targets, uint256[] memory values, bytes[] memory payloads) = _lists(one.target, one.payload);
        try governor.execute(targets, values, payloads, one.descriptionHash) {
            _require(false, id);
        } catch {
            ++refused;
        }
        bytes32 salt = bytes20(address(governor)) ^ one.descriptionHash;
        try timelock.executeBatch(targets, values, payloads, 0, salt) {
            _require(false, id);
        } catch {
            ++refused;
        }
    }

    /// @dev Inside and outside of the bounds, in turns.
    function _change(uint256 draw) private view returns (address target, bytes memory payload) {
        uint256 kind = draw % 6;
        uint256 value = draw >> 8;
        if (kind == 0) return (address(timelock), abi.encodeCall(timelock.updateDelay, (value % 20 days)));
        if (kind == 1) payload = abi.encodeCall(governor.setVotingDelay, (uint48(value % 40 days)));
        else if (kind == 2) payload = abi.encodeCall(governor.setVotingPeriod, (uint32(value % 40 days)));
        else if (kind == 3) payload = abi.encodeCall(governor.setProposalThreshold, (value % (2 * SHARE)));
        else if (kind == 4) payload = abi.encodeCall(governor.updateQuorumNumerator, (value % 0.6e18));
        else payload = abi.encodeCall(governor.setLateQuorumVoteExtension, (uint48(value % 9 days)));
        target = address(governor);
    }

    function _lists(
        address target,
        bytes memory payload
    ) private pure returns (address[] memory targets, uint256[] memory values, bytes[] memory payloads) {
        (targets, values, payloads) = (new address[](1), new uint256[](1), new bytes[](1));
        (targets[0], payloads[0]) = (target, payload);
    }

    /// @dev A seed that is only small numbers would draw the same choices everywhere.
    function _mix(uint256 seed) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed)));
    }

    function _sum(uint256 id) private view returns (uint256) {
        (uint256 against, uint256 inFavour, uint256 abstained) = governor.proposalVotes(id);
        return against + inFavour + abstained;
    }

    function _delegate(address holder, address to) private {
        vm.prank(holder);
        token.delegate(to);
        _delegateOf[holder] = to;
    }

    function _risingHolders() private view returns (address[] memory list) {
        list = new address[](HOLDERS);
        for (uint256 i = 0; i < HOLDERS; ++i) {
            uint256 place = i;
            for (; place != 0 && list[place - 1] > holders[i]; --place) list[place] = list[place - 1];
            list[place] = holders[i];
        }
    }

    /// @dev Time passes, and no snapshot is passed without noting who should have which votes then.
    function _tick(uint256 seconds_) private {
        _warpTo(block.timestamp + 1 + (seconds_ % 12 hours));
    }

    function _warpTo(uint256 time) private {
        for (uint256 i = 0; i < _cases.length; ++i) {
            if (_noted[i] || _cases[i].snapshot >= time) continue;
            _noted[i] = true;
            for (uint256 j = 0; j < HOLDERS; ++j) {
                address to = _delegateOf[holders[j]];
                _votesAt[i][to] += token.balanceOf(holders[j]);
            }
        }
        if (time > block.timestamp) vm.warp(time);
        for (uint256 i = 0; i < _cases.length; ++i) {
            if (!_noted[i]) continue;
            for (uint256 j = 0; j < HOLDERS; ++j) {
                bool same = governor.getVotes(holders[j], _cases[i].snapshot) == _votesAt[i][holders[j]];
                _require(same, "GOV-4 votes at a snapshot are what was delegated then");
            }
        }
    }

    function _require(bool holds, string memory id) private {
        if (!holds && bytes(violation).length == 0) violation = id;
    }
}

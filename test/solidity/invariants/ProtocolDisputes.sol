// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EpochRecord} from "../../../contracts/distribution/interfaces/IEpochParameters.sol";
import {
    Demand,
    DemandState,
    Proposal,
    ProposalState
} from "../../../contracts/distribution/interfaces/IProposalBook.sol";
import {Fault, LeafAnswer} from "../../../contracts/distribution/interfaces/ISettlementVerifier.sol";
import {ScriptedVerifier} from "../../../contracts/mocks/distribution/ScriptedVerifier.sol";
import {ProtocolLife} from "./ProtocolLife.sol";

/// @title ProtocolDisputes
/// @notice The part of the handler that doubts: proves faults, demands leaves, shows them or leaves them unanswered, takes deposits
/// back, and replaces who judges. The verifier finds what it is told to find: here it is about proposals, time and money.
abstract contract ProtocolDisputes is ProtocolLife {
    address[] public creditors;
    address[2] private _demanders = [makeAddress("dora"), makeAddress("dirk")];
    address private _prover = makeAddress("peggy");

    uint256 public demands;
    uint256 public replacements;
    address private _presentJudge;
    address private _nextJudge;
    uint40 private _nextJudgeFrom;

    /// @dev A demand that fell with its proposal.
    struct Stranded {
        uint256 proposalId;
        uint32 index;
    }

    Stranded[] private _stranded;

    function _prepareDisputes() internal {
        _presentJudge = address(verifier);
        creditors = [_operators[0], _operators[1], _operators[2], treasury, _demanders[0], _demanders[1], _prover];
        for (uint256 i = 0; i < _demanders.length; ++i) vm.deal(_demanders[i], 1_000_000 ether);
    }

    /* ACTIONS */

    /// @notice Somebody proves the pending settlement wrong, within its window or long after it.
    function disprove(uint256 seed) external watched {
        while (distributor.pendingProposal() == 0) _step(seed);
        if (seed % 3 == 0 && block.timestamp < deadline) vm.warp(deadline + ((seed >> 8) % DAY));
        uint256 id = distributor.pendingProposal();
        EpochRecord memory record = _records[distributor.nextToFinalise().number()];
        Proposal memory proposal = distributor.proposalOf(id);
        uint256 before = distributor.bondCreditOf(_prover);
        vm.prank(_prover);
        distributor.disprove(record, _settlement, Fault(seed % 7), "right");
        uint256 reward = distributor.bondCreditOf(_prover) - before;
        _require(reward == proposal.bond / 2, "ROOT-5 half of the bond is the prover's");
        _bookDisproof(id, proposal);
    }

    /// @notice A demander wants to see a leaf of the pending settlement; there may be none, or no time left.
    function demand(uint256 seed) external watched {
        while (distributor.pendingProposal() == 0) _step(seed);
        uint256 id = distributor.pendingProposal();
        Proposal memory proposal = distributor.proposalOf(id);
        if (block.timestamp > proposal.demandUntil || proposal.leafCount == 0) return _step(seed);
        if (seed % 4 == 0) vm.warp(proposal.demandUntil);
        uint32 index = uint32((seed >> 8) % proposal.leafCount);
        if (distributor.demandOf(id, index).state != DemandState.None) return;
        uint256 deposit = distributor.demandDeposit(id);
        uint256 extra = seed % 5 == 0 ? 1 + ((seed >> 16) % 1 ether) : 0;
        vm.prank(_demanders[(seed >> 4) % 2]);
        distributor.demand{value: deposit + extra}(id, index);
        _demanded.push(index);
        depositsOpen += deposit;
        owed += extra;
        ++demands;
        Demand memory made = distributor.demandOf(id, index);
        _require(
            made.deadline == block.timestamp + proposal.window / 4,
            "ROOT-2 an answer has a quarter of the window"
        );
        _require(made.deadline <= proposal.until, "ROOT-2 demands are over with the window");
        _mustFail(address(distributor), _finaliseCall(), "ROOT-1 nothing is final while a demand is open");
    }

    /// @notice Whoever has a demanded leaf shows it, or nobody does until it is too late.
    function answer(uint256 seed) external watched {
        if (_demanded.length == 0) return _step(seed);
        uint40 late = distributor.demandOf(distributor.pendingProposal(), _demanded[0]).deadline;
        if (seed % 4 == 0 && block.timestamp < late) vm.warp(late);
        _resolve(seed);
    }

    /// @notice Demanders take back what they put on proposals that fell.
    function reclaim(uint256 seed) external watched {
        if (_stranded.length == 0) return _step(seed);
        Stranded memory one = _stranded[_stranded.length - 1];
        _stranded.pop();
        Demand memory made = distributor.demandOf(one.proposalId, one.index);
        uint256 before = distributor.bondCreditOf(made.demander);
        distributor.reclaimDeposit(one.proposalId, one.index);
        uint256 back = distributor.bondCreditOf(made.demander) - before;
        _require(back == made.deposit, "ROOT-5 a demander gets the deposit back");
        depositsOpen -= made.deposit;
        owed += made.deposit;
        bytes memory again = abi.encodeCall(distributor.reclaimDeposit, (one.proposalId, one.index));
        _mustFail(address(distributor), again, "ROOT-5 a deposit is returned once");
    }

    /// @notice Governance announces another verifier.
    function replaceVerifier(uint256) external watched {
        _presentJudge = _judge();
        _nextJudge = address(new ScriptedVerifier());
        _nextJudgeFrom = uint40(block.timestamp) + 30 days;
        distributor.scheduleVerifier(ScriptedVerifier(_nextJudge));
        _require(address(distributor.verifier()) == _presentJudge, "ROOT-2 who judges does not change at once");
        ++replacements;
    }

    /* INTERNAL */

    function _resolve(uint256 seed) internal override returns (bool) {
        uint256 id = distributor.pendingProposal();
        uint32 index = _demanded[_demanded.length - 1];
        Demand memory made = distributor.demandOf(id, index);
        Proposal memory proposal = distributor.proposalOf(id);
        if (block.timestamp >= made.deadline) {
            _fallUnanswered(id, index, made, proposal);
            return false;
        }
        bytes memory early = abi.encodeCall(distributor.disproveUnanswered, (id, index));
        _mustFail(address(distributor), early, "ROOT-2 an answer has its time");
        address answerer = proposal.operator;
        LeafAnswer memory shown;
        shown.leaf = seed % 2 == 0 ? bytes("right") : bytes("wrong");
        if (seed % 2 != 0) {
            bytes memory wrong = abi.encodeCall(distributor.answer, (_settlement, index, shown));
            _mustFail(address(distributor), wrong, "ROOT-4 only the leaf is an answer");
            shown.leaf = "right";
        }
        vm.prank(answerer);
        distributor.answer(_settlement, index, shown);
        _demanded.pop();
        depositsOpen -= made.deposit;
        owed += made.deposit;
        ++answers;
        uint40 least = uint40(block.timestamp) + proposal.window / 4;
        if (deadline < least) deadline = least;
        _require(distributor.proposalOf(id).until == deadline, "ROOT-2 an answer leaves a quarter of the window");
        return true;
    }

    function _judge() internal view override returns (address) {
        return _nextJudge != address(0) && block.timestamp >= _nextJudgeFrom ? _nextJudge : _presentJudge;
    }

    /// @dev The pending proposal is dropped: its demands wait to be taken back.
    function _dropped(uint256 id) internal {
        deadline = 0;
        while (_demanded.length != 0) {
            _stranded.push(Stranded(id, _demanded[_demanded.length - 1]));
            _demanded.pop();
        }
    }

    /// @dev What must not work on a proposal that waits.
    function _attackDisputes() internal {
        uint256 id = distributor.pendingProposal();
        if (id == 0) return;
        EpochRecord memory record = _records[distributor.nextToFinalise().number()];
        bytes memory proof = abi.encodeCall(distributor.disprove, (record, _settlement, Fault.Sum, "wrong"));
        _mustFail(address(distributor), proof, "ROOT-4 a wrong proof changes nothing");
        for (uint32 i = 0; i < _demanded.length; ++i) {
            bytes memory early = abi.encodeCall(distributor.reclaimDeposit, (id, _demanded[i]));
            _mustFail(address(distributor), early, "ROOT-5 a deposit stays while its proposal is pending");
        }
    }

    function _fallUnanswered(uint256 id, uint32 index, Demand memory made, Proposal memory proposal) private {
        LeafAnswer memory shown;
        shown.leaf = "right";
        bytes memory late = abi.encodeCall(distributor.answer, (_settlement, index, shown));
        _mustFail(address(distributor), late, "ROOT-2 an answer can be too late");
        uint256 before = distributor.bondCreditOf(made.demander);
        distributor.disproveUnanswered(id, index);
        uint256 gained = distributor.bondCreditOf(made.demander) - before;
        _require(gained == proposal.bond / 2 + made.deposit, "ROOT-5 reward and deposit are the demander's");
        _demanded.pop();
        depositsOpen -= made.deposit;
        owed += made.deposit;
        _bookDisproof(id, proposal);
    }

    function _bookDisproof(uint256 id, Proposal memory proposal) private {
        bondsOpen -= proposal.bond;
        owed += proposal.bond;
        ++disproofs;
        _dropped(id);
        _require(distributor.proposalOf(id).state == ProposalState.Disproved, "ROOT-1 what is disproved falls");
        _require(distributor.pendingProposal() == 0, "ROOT-1 and nothing is pending then");
        _require(distributor.suspendedUntil(proposal.operator) == type(uint40).max, "ROOT-1 its operator is out");
    }
}

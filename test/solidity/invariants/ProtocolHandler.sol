// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Proposal} from "../../../contracts/distribution/interfaces/IProposalBook.sol";
import {ITaskRegistry} from "../../../contracts/governance/interfaces/ITaskRegistry.sol";
import {Epoch} from "../../../contracts/types/Epoch.sol";
import {TaskId} from "../../../contracts/types/TaskId.sol";
import {Claim} from "../../../contracts/vesting/interfaces/IVestingVault.sol";
import {Curve, VestingCurve} from "../../../contracts/vesting/libraries/VestingCurve.sol";
import {ProtocolDisputes} from "./ProtocolDisputes.sol";

/// @title ProtocolHandler
/// @notice What may happen to the protocol, in any order: days pass, epochs are led through their lives, miners claim with new
/// and old proofs, governance changes everything it may, guardian, donors, pools and attackers do what they can.
/// @dev Each action steers itself into a state where it can succeed. What has to hold within a call is noted in {violation},
/// because a revert is only counted (see ProtocolGate).
contract ProtocolHandler is ProtocolDisputes {
    using VestingCurve for Curve;

    uint256[] private _vetoed;

    constructor() {
        _deployProtocol();
        _prepareDisputes();
        foundations.push(foundation);
        vm.prank(holder);
        token.transfer(address(this), GENESIS / 2);
        reserve.registerPool(address(this));
        token.approve(address(reserve), type(uint256).max);
    }

    /* ACTIONS */

    /// @notice Leads the oldest unfinished epoch one step further, waiting for as long as it takes.
    function advance(uint256 seed) external watched {
        _step(seed);
    }

    /// @notice Leads an epoch through the whole of its life.
    function settleEpoch(uint256 seed) external watched {
        uint256 before = finals;
        for (uint256 i = 0; i < 4 && finals == before; ++i) _step(seed);
    }

    /// @notice Closes epochs without settling them, and late: they have to be caught up.
    function fallBehind(uint256 seed) external watched {
        vm.warp(block.timestamp + (seed % 3) * DAY);
        for (uint256 i = 0; i < 2; ++i) _close();
    }

    /// @notice A member who has something due claims it with the proof of any final epoch, newest or old, for itself or paid
    /// elsewhere. If nobody has, the oldest unfinished epoch goes one step further.
    function claim(uint256 seed) external watched {
        if (finals == 0) _settleOne(seed);
        uint32 epoch = uint32((seed >> 8) % 3 == 0 ? (seed >> 16) % finals : finals - 1);
        uint256 members = community.MEMBERS();
        for (uint256 i = 0; i < members; ++i) if (_claim(epoch, (seed + i) % members, (seed >> 4) % 2 == 0)) return;
        _step(seed);
    }

    /// @notice All members in one batch, some of them twice, one with a broken proof.
    function claimMany(uint256 seed) external watched {
        if (finals == 0) _settleOne(seed);
        uint32 epoch = uint32(finals - 1);
        uint256 members = community.MEMBERS();
        Claim[] memory entries = new Claim[](members + 1);
        for (uint256 i = 0; i < members; ++i) entries[i] = community.claimOf(epoch, i);
        entries[members] = entries[seed % members];
        uint256 broken = (seed >> 8) % members;
        entries[broken].auditHash = keccak256("forged");
        uint256[] memory before = new uint256[](members);
        for (uint256 i = 0; i < members; ++i) before[i] = vault.claimed(community.memberAt(i));
        uint256 sum = vault.claimMany(entries);
        uint256 booked = 0;
        for (uint256 i = 0; i < members; ++i) {
            address account = community.memberAt(i);
            uint256 gained = vault.claimed(account) - before[i];
            booked += gained;
            paid[account] += gained;
            uint256 due = community.curveOf(epoch, i).unlockedAt(block.timestamp);
            if (gained != 0 && due > entitled[account]) entitled[account] = due;
        }
        _require(sum == booked, "VEST-4 a batch pays what its claims pay");
    }

    /// @notice The foundations claim what has been released to them.
    function claimFoundation(uint256 seed) external watched {
        address who = foundations[seed % foundations.length];
        uint256 due = vault.foundationClaimable(who);
        if (due == 0) return;
        paid[who] += vault.claimFoundation(who);
    }

    /// @notice Governance changes one thing from an epoch that has not started.
    function govern(uint256 seed) external watched {
        uint32 next = curve.epochAt(block.timestamp).number() + 1;
        uint256 draw = seed >> 8;
        uint256 kind = (seed >> 4) % 6;
        if (kind == 0) _changeTasks(_later(next, registry.lastChange()), draw);
        else if (kind == 1) _changeReserve(_later(next, reserve.lastChange()), draw);
        else if (kind == 2) _changeTerms(draw);
        else _changeParameters(next, kind, draw);
        ++changes;
    }

    /// @notice The guardian drops the pending proposal, or pauses proposals; governance rules, or lets it lapse.
    function interfere(uint256 seed) external watched {
        if (seed % 3 == 0) return _pause();
        if (_vetoed.length != 0 && seed % 2 == 0) return _rule(seed);
        while (distributor.pendingProposal() == 0) _step(seed);
        uint256 id = distributor.pendingProposal();
        distributor.veto(id, "false scores");
        _vetoed.push(id);
        ++vetoes;
        _dropped(id);
    }

    /// @notice Prices move, pools hand back, donors give, creditors withdraw.
    function disturb(uint256 seed) external watched {
        uint256 draw = seed >> 8;
        if (seed % 4 == 0) {
            uint160[6] memory prices = [0, 1, 0.2e18, 1e18, 3e18, type(uint160).max];
            price.setPrice(uint40(block.timestamp), prices[draw % 6]);
        } else if (seed % 4 == 1) {
            uint256 amount = bound(draw, 1, 1_000e18);
            reserve.deposit(amount);
            depositsPending += amount;
        } else if (seed % 4 == 2) {
            token.transfer(address(reserve), bound(draw, 1, 1e18));
        } else {
            address creditor = creditors[draw % creditors.length];
            if (distributor.bondCreditOf(creditor) != 0) owed -= distributor.withdrawBond(creditor);
        }
    }

    /// @notice What nobody may do is tried, and must fail.
    function attack(uint256 seed) external watched {
        if (finals == 0) _settleOne(seed);
        address mallory = makeAddress("mallory");
        vm.startPrank(mallory);
        _mustFail(address(token), abi.encodeCall(token.mint, (mallory, 1)), "EMIT-4 only the distributor mints");
        _mustFail(
            address(reserve),
            abi.encodeCall(reserve.settle, (0, 1, mallory)),
            "RSRV-1 only the distributor settles"
        );
        vm.stopPrank();
        _mustFail(address(token), abi.encodeCall(token.setMinter, (mallory)), "EMIT-4 the minter is fixed");
        _mustFail(address(vault), abi.encodeCall(vault.setDistributor, (mallory)), "EMIT-4 the distributor is fixed");
        _attackProofs(uint32(finals - 1), seed);
        if (distributor.pendingProposal() != 0 && block.timestamp < deadline) {
            _mustFail(address(distributor), _finaliseCall(), "ROOT-2 nothing is final before its window is over");
        }
        _attackDisputes();
    }

    /* CLAIMS */

    function _claim(uint32 epoch, uint256 member, bool forItself) private returns (bool) {
        if (!community.hasLeaf(epoch, member)) return false;
        Claim memory entry = community.claimOf(epoch, member);
        uint256 due = entry.curve.unlockedAt(block.timestamp);
        uint256 before = vault.claimed(entry.account);
        if (due <= before) return false;
        uint256 sum;
        if (forItself) {
            sum = vault.claim(entry);
        } else {
            vm.prank(entry.account);
            sum = vault.claimTo(entry, holder);
        }
        _require(sum == due - before, "VEST-4 a claim pays the difference and no more");
        paid[entry.account] += sum;
        if (due > entitled[entry.account]) entitled[entry.account] = due;
        ++claimsPaid;
        return true;
    }

    /* GOVERNANCE AND GUARDIAN */

    function _changeTasks(Epoch from, uint256 draw) private {
        if (draw % 3 == 0) {
            ITaskRegistry.TaskMinScore[] memory minScores = new ITaskRegistry.TaskMinScore[](3);
            minScores[0] = ITaskRegistry.TaskMinScore(TaskId.wrap(1), uint96(1 + (draw % 30)));
            minScores[1] = ITaskRegistry.TaskMinScore(TaskId.wrap(2), uint96(1 + ((draw >> 8) % 30)));
            minScores[2] = ITaskRegistry.TaskMinScore(TaskId.wrap(5), uint96(1 + ((draw >> 16) % 30)));
            return registry.schedulePolicy(from, keccak256(abi.encode(draw)), "ipfs://next", minScores);
        }
        uint64 first = uint64(bound(draw, 0.001e18, 0.997e18));
        uint64 second = uint64(bound(draw >> 64, 0.001e18, 0.998e18 - first + 0.001e18));
        ITaskRegistry.TaskWeight[] memory table = new ITaskRegistry.TaskWeight[](3);
        table[0] = ITaskRegistry.TaskWeight(TaskId.wrap(1), first);
        table[1] = ITaskRegistry.TaskWeight(TaskId.wrap(2), second);
        table[2] = ITaskRegistry.TaskWeight(TaskId.wrap(5), 1e18 - first - second);
        registry.scheduleTasks(from, table);
    }

    function _changeReserve(Epoch from, uint256 draw) private {
        uint32 smoothing = uint32(2 + (draw % 20));
        uint64 rho = uint64((draw >> 16) % (1e18 / smoothing + 1));
        uint64 alpha = uint64((draw >> 80) % 1e18);
        reserve.scheduleParameters(
            from,
            _law(alpha, uint64(0.01e18 + ((draw >> 144) % 2e18)), smoothing, rho, draw >> 8)
        );
    }

    /// @dev New terms at the next place where they may begin; refused ones (an older set unfinished) are part of the game.
    function _changeTerms(uint256 draw) private {
        uint32 next = curve.epochAt(block.timestamp).number() + 1;
        (Epoch since, uint32 cohortEpochs, ) = vault.termsAt(Epoch.wrap(next));
        uint32 past = (next - since.number()) % cohortEpochs;
        uint32 from = past == 0 ? next : next + cohortEpochs - past;
        uint32 length = uint32(1 + (draw % 4));
        uint40 duration = uint40((draw >> 8) % (12 * length * DAY + 1));
        try vault.scheduleTerms(Epoch.wrap(from), length, (draw >> 4) % 4 == 0 ? 0 : duration) {} catch {}
    }

    function _changeParameters(uint32 from, uint256 kind, uint256 draw) private {
        Epoch epoch = Epoch.wrap(from);
        if (kind == 3) {
            address next = draw % 2 == 0 ? foundation : makeAddress("second foundation");
            if (foundations.length == 1 && next != foundation) foundations.push(next);
            parameters.scheduleFoundation(epoch, next, uint64((draw >> 8) % 0.5e18));
        } else if (kind == 4) {
            parameters.scheduleAccountCap(epoch, uint64(bound(draw, 0.001e18, 1e18)));
            parameters.scheduleAccelerationBound(epoch, uint64((draw >> 64) % (1e18 + 1)));
        } else {
            uint32 window = uint32(bound(draw, 6 hours, DAY / 2));
            parameters.scheduleChallenge(epoch, window, uint128(bound(draw >> 32, 0.001 ether, 5 ether)));
        }
    }

    function _pause() private {
        uint40 earliest = distributor.pausedUntil() + distributor.PAUSE_COOLDOWN();
        if (block.timestamp < earliest) return;
        bool open = distributor.pendingProposal() != 0 && block.timestamp < deadline;
        distributor.pauseProposals();
        if (!open) return;
        deadline += distributor.PAUSE();
        latest += distributor.PAUSE();
    }

    function _rule(uint256 seed) private {
        uint256 id = _vetoed[_vetoed.length - 1];
        _vetoed.pop();
        Proposal memory proposal = distributor.proposalOf(id);
        if (block.timestamp >= proposal.rulingUntil) distributor.releaseBond(id);
        else distributor.ruleVeto(id, (seed >> 8) % 2 == 0);
        bondsOpen -= proposal.bond;
        owed += proposal.bond;
    }

    /* HELPERS */

    /// @notice How many foundations there have been.
    function foundationCount() external view returns (uint256) {
        return foundations.length;
    }

    function _attackProofs(uint32 epoch, uint256 seed) private {
        uint256 member = seed % community.MEMBERS();
        if (!community.hasLeaf(epoch, member)) return;
        string memory id = "ROOT-3 only a leaf at its place verifies";
        for (uint256 kind = 0; kind < 4; ++kind) {
            Claim memory entry = community.claimOf(epoch, member);
            bytes32[] memory longer = new bytes32[](entry.proof.length + 1);
            for (uint256 i = 0; i < entry.proof.length; ++i) longer[i] = entry.proof[i];
            if (kind == 0) entry.account = makeAddress("mallory");
            else if (kind == 1) entry.curve.unlocked += 1;
            else if (kind == 2) entry.index += uint32(1 << entry.proof.length);
            else entry.proof = longer;
            _mustFail(address(vault), abi.encodeCall(vault.claim, (entry)), id);
        }
    }

    function _later(uint32 next, Epoch last) private pure returns (Epoch) {
        return Epoch.wrap(next > last.number() ? next : last.number());
    }
}

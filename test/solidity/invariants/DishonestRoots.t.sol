// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EmissionCurve} from "../../../contracts/emission/EmissionCurve.sol";
import {IEmissionCurve} from "../../../contracts/emission/interfaces/IEmissionCurve.sol";
import {SettlementLeaf} from "../../../contracts/libraries/SettlementLeaf.sol";
import {MiningToken} from "../../../contracts/token/MiningToken.sol";
import {IMiningToken} from "../../../contracts/token/interfaces/IMiningToken.sol";
import {Epoch} from "../../../contracts/types/Epoch.sol";
import {VestingVault} from "../../../contracts/vesting/VestingVault.sol";
import {Claim, Grant} from "../../../contracts/vesting/interfaces/IVestingVault.sol";
import {Curve, VestingCurve} from "../../../contracts/vesting/libraries/VestingCurve.sol";
import {Base} from "../Base.sol";

/// @title DishonestHandler
/// @notice A distributor whose every root is a lie that nobody disproved: each gives all that was ever granted to one thief, free
/// at once, or in cohorts made up.
contract DishonestHandler is Base {
    uint40 private constant START = 1_700_006_400;

    MiningToken public token;
    VestingVault public vault;
    EmissionCurve public curve;
    uint256 public thefts;
    uint256 public refusals;

    constructor() {
        vm.warp(START);
        address manager = deployed("MiningAuthority", abi.encode(address(this)));
        IEmissionCurve.Period[] memory periods = new IEmissionCurve.Period[](1);
        periods[0] = IEmissionCurve.Period(START + 1_000 days, 1e27);
        curve = EmissionCurve(deployed("EmissionCurve", abi.encode(START, 1 days, periods)));
        IMiningToken.Allocation[] memory genesis = new IMiningToken.Allocation[](0);
        token = MiningToken(deployed("MiningToken", abi.encode("Lode", "LODE", manager, genesis, curve.TOTAL())));
        token.setMinter(address(this));
        vault = VestingVault(deployed("VestingVault", abi.encode(manager, token, curve, 3, 5 days)));
        vault.setDistributor(address(this));
    }

    /// @notice Settles the next epoch with a root of one leaf, and tries to take what it says.
    function lie(uint256 seed) external {
        Epoch epoch = vault.nextEpoch();
        uint40 end = curve.endOf(epoch);
        if (block.timestamp < end) vm.warp(end + (seed % 1 days));
        uint128 granted = curve.budgetOf(epoch);
        Curve memory stolen = _stolenCurve(seed, vault.totalGranted() + granted);
        bytes32 root = SettlementLeaf.hash(_thief(seed), VestingCurve.hash(stolen), 0);
        (uint40 cohortEnd, uint40 duration) = vault.cohortOf(epoch);
        uint128[] memory accelerated = new uint128[](VestingCurve.unfinished(vault.totalCurve(), end));
        token.mint(address(vault), granted);
        vault.settle(
            Grant(
                epoch,
                end,
                root,
                1,
                granted - granted / 5,
                granted / 5,
                address(this),
                accelerated,
                cohortEnd,
                duration
            )
        );
        Claim memory entry = Claim(epoch, _thief(seed), 0, stolen, 0, new bytes32[](0));
        try vault.claim(entry) {
            ++thefts;
        } catch {
            ++refusals;
        }
    }

    /// @notice Time passes: what is released can be stolen as it is released.
    function wait(uint256 seed) external {
        vm.warp(block.timestamp + (seed % 4 days));
        if (vault.foundationClaimable(address(this)) != 0) try vault.claimFoundation(address(this)) {} catch {}
    }

    function _stolenCurve(uint256 seed, uint256 all) private view returns (Curve memory stolen) {
        uint256 free =
            seed % 3 == 0
                ? all
                : seed % 3 == 1
                    ? all / (1 + (seed % 50))
                    : vault.unlockedTotalAt(uint40(block.timestamp));
        // At most everything that was granted, which is below 2^128.
        stolen.unlocked = uint128(free < all ? free : all);
        stolen.cohorts = new uint256[](1);
        stolen.cohorts[0] = VestingCurve.pack(1, 1, uint128((all - stolen.unlocked) / 2));
    }

    function _thief(uint256 seed) private pure returns (address) {
        return address(uint160(0xbad0 + (seed % 16)));
    }
}

/// @title DishonestRoots
/// @notice Even if every root is malicious, no more leaves the vault than has been released to all.
contract DishonestRoots is Base {
    DishonestHandler private handler;

    function setUp() public {
        handler = new DishonestHandler();
        targetContract(address(handler));
    }

    function invariant_VEST3_PaidNeverExceedsReleased() public view {
        VestingVault vault = handler.vault();
        uint256 released = vault.released();
        assertLe(
            released,
            vault.unlockedTotalAt(uint40(block.timestamp)),
            "VEST-3 released <= unlocked of the total curve"
        );
        uint256 balance = handler.token().balanceOf(address(vault));
        assertEq(balance, vault.totalGranted() - released, "VEST-3 the vault holds the rest");
    }

    /// @dev Both ends of the bound were met: lies that were paid because it was free, and lies that were refused.
    function afterInvariant() public {
        for (uint256 i = 0; i < 6; ++i) handler.lie(i);
        assertGt(handler.thefts(), 0, "VEST-3 some lies were within what is released");
        assertGt(handler.refusals(), 0, "VEST-3 some lies asked for more");
    }
}

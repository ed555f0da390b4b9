// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title MiningToken: the token that is mined
/// @notice A token with a fixed cap. The genesis allocations, if any, are minted once when it is deployed; everything
/// else comes into being through one minter that is chosen once and can never be changed.
/// @dev ERC-20 with Permit (ERC-2612) and Votes (ERC-5805) on a timestamp clock (ERC-6372).
interface IMiningToken is IERC20 {
    /// @notice One genesis allocation.
    /// @param account Who receives it.
    /// @param amount How much, in wei of the token.
    struct Allocation {
        address account;
        uint256 amount;
    }

    /// @notice A genesis allocation was minted. Happens only in the constructor.
    event GenesisAllocated(address indexed account, uint256 amount);

    /// @notice The minter was chosen, for ever.
    event MinterSet(address indexed minter);

    /// @notice The curve's total or an allocation does not fit into what is left of the 128 bits of an amount.
    error MiningToken_CapTooHigh(uint256 amount, uint256 maximum);

    /// @notice A genesis allocation of nothing.
    error MiningToken_AllocationZero(uint256 position);

    /// @notice Somebody else than the minter tried to mint.
    error MiningToken_NotMinter(address caller, address minter);

    /// @notice The minter has already been chosen.
    error MiningToken_MinterAlreadySet(address current);

    /// @notice The zero address cannot be the minter.
    error MiningToken_MinterZero();

    /// @notice More would exist than the cap allows; `left` is what can still be minted.
    error MiningToken_CapExceeded(uint256 amount, uint256 left);

    /// @notice Creates new tokens.
    ///
    /// Emits {IERC20-Transfer} from the zero address.
    ///
    /// Requirements:
    /// - the caller is the {minter};
    /// - the supply afterwards is at most the {CAP};
    /// - `to` is not the zero address.
    /// @param to Who receives them.
    /// @param amount How many, in wei. Zero is allowed and changes nothing.
    function mint(address to, uint256 amount) external;

    /// @notice Chooses the minter. Works exactly once.
    ///
    /// Emits {MinterSet}.
    ///
    /// Requirements:
    /// - the caller is allowed to by the access manager;
    /// - no minter has been chosen yet;
    /// - `newMinter` is not the zero address.
    /// @param newMinter The contract that mints from now on: the epoch distributor.
    function setMinter(address newMinter) external;

    /// @notice The most that can ever exist: genesis allocations plus the emission curve's total, in wei.
    function CAP() external view returns (uint256);

    /// @notice What was minted to the genesis allocations, in wei.
    function GENESIS() external view returns (uint256);

    /// @notice Who may mint; the zero address until {setMinter} was called.
    function minter() external view returns (address);
}

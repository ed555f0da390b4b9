// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// @title IMiningAuthority: an access manager whose table is sealed
/// @notice While it is set up, its administrator writes down who may call what. {seal} gives it to the timelock, and from
/// then on only operators, guardians and later roles are given and taken: the table, the administration and governance
/// stay as they are, whoever decides otherwise. It calls no contract for anybody either ({IAccessManager-execute}).
/// @dev Otherwise a single executed change could give an account the right to change parameters without any delay, and
/// the council could leave such an account behind when it hands over.
interface IMiningAuthority {
    /// @notice The set-up is over: `owner` administers and governs from now on, and nobody after it.
    event Sealed(address indexed owner);

    /// @notice The table of who may call what can't be changed any more.
    error MiningAuthority_Sealed();

    /// @notice Administration and governance stay with whom they are.
    error MiningAuthority_RoleFixed(uint64 role, address account);

    /// @notice The zero address cannot administer.
    error MiningAuthority_OwnerZero();

    /// @notice Gives administration and governance to `owner`, takes the first from the caller, and seals the table.
    ///
    /// Emits {Sealed}.
    ///
    /// Requirements:
    /// - the caller is the administrator;
    /// - it was not called before;
    /// - `owner` is not the zero address.
    /// @param owner The timelock.
    function seal(address owner) external;

    /// @notice Whether the table is sealed.
    function isSealed() external view returns (bool);

    /// @notice The role of everything that is governed.
    function GOVERNANCE_ROLE() external view returns (uint64);
}

/// The properties of a CybOX 2.x object, by their local names, that STIX 2.1 has a property for.
struct CybOXTable {
  var properties: [String: (path: ObjectPath, kind: CybOXKind)]
  /// Those that are read in another way, or that say nothing of what is looked for.
  var others: Set<String> = []

  /// - Parameter rows: The CybOX name, the path below the object, and what it holds.
  init(_ objectType: String, _ rows: [(String, String, CybOXKind)], others: Set<String> = []) {
    properties = [:]
    for (name, path, kind) in rows { properties[name] = (ObjectPath(objectType, below: path), kind) }
    self.others = others
  }

  /// Objects whose properties are all tested in the same way, by their type.
  static let tables: [String: CybOXTable] = [
    "MutexObjectType": mutex, "WindowsMutexObjectType": mutex, "ASObjectType": autonomousSystem, "ProductObjectType": product,
  ]

  private static let mutex = CybOXTable("mutex", [("Name", "name", .text)])
  private static let autonomousSystem = CybOXTable(
    "autonomous-system",
    [("Number", "number", .integer), ("Name", "name", .text), ("Regional_Internet_Registry", "rir", .text)])
  private static let product = CybOXTable(
    "software",
    [
      ("Product", "name", .text), ("Vendor", "vendor", .text), ("Version", "version", .text), ("Language", "languages[*]", .text),
      ("Edition", "x_edition", .text), ("Update", "x_update", .text),
    ])

  /// Where a publisher's own properties of an object go, by the end of its type.
  static let customRoots: [String: String] = [
    "FileObjectType": "file", "URIObjectType": "url", "EmailMessageObjectType": "email-message", "MutexObjectType": "mutex",
    "RegistryKeyObjectType": "windows-registry-key", "ProcessObjectType": "process", "DomainNameObjectType": "domain-name",
    "NetworkConnectionObjectType": "network-traffic",
  ]

  static let file = CybOXTable(
    "file",
    [
      ("Size_In_Bytes", "size", .integer), ("Magic_Number", "magic_number_hex", .hex), ("Created_Time", "ctime", .timestamp),
      ("Modified_Time", "mtime", .timestamp), ("Accessed_Time", "atime", .timestamp),
    ],
    others: [
      "Hashes", "File_Name", "File_Extension", "File_Path", "Device_Path", "Full_Path", "Archived_File", "Sections", "Headers",
      "Metadata", "Trailers", "Version",
    ])

  /// What the kinds of files have beside that (STIX 2.1 §6.7.2 to 6.7.6).
  static let kindsOfFile: [String: CybOXTable] = [
    "ArchiveFileObjectType": file.with([("Comment", "extensions.archive-ext.comment", .text)]),
    "ImageFileObjectType": file.with([
      ("Image_Height", "extensions.raster-image-ext.image_height", .integer),
      ("Image_Width", "extensions.raster-image-ext.image_width", .integer),
      ("Bits_Per_Pixel", "extensions.raster-image-ext.bits_per_pixel", .integer),
    ]),
  ]

  private func with(_ rows: [(String, String, CybOXKind)]) -> CybOXTable {
    var table = self
    for (name, path, kind) in rows { table.properties[name] = (ObjectPath("file", below: path), kind) }
    return table
  }

  static let peHeader = CybOXTable(
    "file",
    [
      ("Machine", "extensions.windows-pebinary-ext.machine_hex", .hex),
      ("Time_Date_Stamp", "extensions.windows-pebinary-ext.time_date_stamp", .timestamp),
      ("Number_Of_Sections", "extensions.windows-pebinary-ext.number_of_sections", .integer),
      ("Pointer_To_Symbol_Table", "extensions.windows-pebinary-ext.pointer_to_symbol_table_hex", .hex),
      ("Number_Of_Symbols", "extensions.windows-pebinary-ext.number_of_symbols", .integer),
      ("Size_Of_Optional_Header", "extensions.windows-pebinary-ext.size_of_optional_header", .integer),
      ("Characteristics", "extensions.windows-pebinary-ext.characteristics_hex", .hex),
    ])

  static let peSection = CybOXTable(
    "file",
    [
      ("Name", "extensions.windows-pebinary-ext.sections[*].name", .text),
      ("Virtual_Size", "extensions.windows-pebinary-ext.sections[*].size", .integer),
    ])

  static let registryValue = CybOXTable(
    "windows-registry-key",
    [("Data", "values[*].data", .text), ("Name", "values[*].name", .text), ("Datatype", "values[*].data_type", .text)])

  static let process = CybOXTable(
    "process",
    [
      ("PID", "pid", .integer), ("Parent_PID", "parent_ref.pid", .integer), ("Username", "creator_user_ref.user_id", .text),
      ("Creation_Time", "created_time", .timestamp), ("Child_PID", "child_refs[*].pid", .integer),
      ("Command_Line", "command_line", .text), ("Current_Directory", "cwd", .text), ("File_Name", "image_ref.name", .text),
      ("Path", "image_ref.parent_directory_ref.path", .text),
      ("Window_Title", "extensions.windows-process-ext.window_title", .text),
      ("Priority", "extensions.windows-process-ext.priority", .text),
      ("Security_ID", "extensions.windows-process-ext.owner_sid", .text),
      ("Service_Name", "extensions.windows-service-ext.service_name", .text),
      ("Display_Name", "extensions.windows-service-ext.display_name", .text),
      ("Startup_Type", "extensions.windows-service-ext.start_type", .text),
      ("Service_Type", "extensions.windows-service-ext.service_type", .text),
      ("Service_Status", "extensions.windows-service-ext.service_status", .text),
      ("Description", "extensions.windows-service-ext.descriptions[*]", .text),
      ("Service_DLL", "extensions.windows-service-ext.service_dll_refs[*].name", .text),
    ],
    others: [
      "Image_Info", "Child_PID_List", "Environment_Variable_List", "Network_Connection_List", "Description_List",
    ])

  static let account = CybOXTable(
    "user-account",
    [
      ("Full_Name", "display_name", .text), ("Last_Login", "account_last_login", .timestamp),
      ("Username", "account_login", .text),
      ("Creation_Date", "account_created", .timestamp), ("Creation_Time", "account_created", .timestamp),
      ("User_ID", "user_id", .text), ("Group_ID", "extensions.unix-account-ext.gid", .integer),
      ("Login_Shell", "extensions.unix-account-ext.shell", .text),
      ("Home_Directory", "extensions.unix-account-ext.home_dir", .text),
      ("Security_ID", "user_id", .text),
    ])

  static let artifact = CybOXTable(
    "artifact",
    [("Raw_Artifact", "payload_bin", .text), ("Raw_Artifact_Reference", "url", .refanged), ("Content_Type", "mime_type", .text)],
    others: ["Hashes", "Packaging"])

  static let certificate = CybOXTable(
    "x509-certificate",
    [
      ("Serial_Number", "serial_number", .text), ("Signature_Algorithm", "signature_algorithm", .text),
      ("Issuer", "issuer", .text),
      ("Subject", "subject", .text), ("Version", "version", .text),
    ], others: ["Validity", "Standard_Extensions", "Subject_Public_Key"])

  static let validity = CybOXTable(
    "x509-certificate",
    [("Not_Before", "validity_not_before", .timestamp), ("Not_After", "validity_not_after", .timestamp)])

  static let publicKey = CybOXTable(
    "x509-certificate",
    [
      ("Public_Key_Algorithm", "subject_public_key_algorithm", .text), ("Modulus", "subject_public_key_modulus", .text),
      ("Exponent", "subject_public_key_exponent", .integer),
    ], others: ["RSA_Public_Key"])

  static let certificateExtensions = CybOXTable(
    "x509-certificate",
    [
      "Basic_Constraints", "Name_Constraints", "Policy_Constraints", "Key_Usage", "Extended_Key_Usage", "Subject_Key_Identifier",
      "Authority_Key_Identifier", "Subject_Alternative_Name", "Issuer_Alternative_Name", "Subject_Directory_Attributes",
      "CRL_Distribution_Points", "Inhibit_Any_Policy", "Certificate_Policies", "Policy_Mappings",
    ].map { ($0, "x509_v3_extensions.\($0.lowercased())", .text) }, others: ["Private_Key_Usage_Period"])

  static let keyUsagePeriod = CybOXTable(
    "x509-certificate",
    [
      ("Not_Before", "x509_v3_extensions.private_key_usage_period_not_before", .timestamp),
      ("Not_After", "x509_v3_extensions.private_key_usage_period_not_after", .timestamp),
    ])
}

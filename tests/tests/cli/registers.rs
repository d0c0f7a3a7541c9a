//! `import` and `export` on a company's store.

use crate::on_a_store::{on, with_ticket};
use crate::text;

#[tokio::test]
async fn a_register_goes_out_as_a_file_and_comes_in_again() {
    let (fresh, ..) = with_ticket().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("devices.xlsx");
    let written = on(&fresh, &["export", "devices", "--format", "xlsx", "-o", text(&path)]);
    assert_eq!((written.code, written.out.as_str()), (0, ""), "{written:?}");
    let again = on(&fresh, &["import", "devices", text(&path)]);
    assert_eq!(
        (again.code, again.out.as_str()),
        (0, "1 lines: 0 added, 0 changed, 1 as they were\n"),
        "{again:?}"
    );
    let told = on(&fresh, &["export", "devices"]);
    assert!(told.out.contains("WM-100200"), "{told:?}");
    assert_eq!(on(&fresh, &["verify"]).code, 0);
}

#[tokio::test]
async fn a_file_with_a_mistake_is_told_by_line_and_column_and_ends_with_1() {
    let (fresh, ..) = with_ticket().await;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("customers.csv");
    let file = "code,kind,name,phones,language\nC8,person,Ali,0912 000 0001,fa\nC9,robot,Ali,phone,fa\n";
    std::fs::write(&path, file).expect("a file");
    let refused = on(&fresh, &["import", "customers", text(&path)]);
    assert_eq!(
        (refused.code, refused.out.as_str()),
        (1, "2 lines, 2 mistakes: nothing came in\n"),
        "{refused:?}"
    );
    assert!(refused.problems.contains(":3: kind: `robot`: "), "{refused:?}");
    assert!(refused.problems.contains(":3: phones: `phone`: "), "{refused:?}");
    assert!(!on(&fresh, &["export", "customers"]).out.contains("C8"));
    std::fs::write(&path, file.replace("robot", "company").replace("phone,fa", "09120000002,fa"))
        .expect("a file");
    let looked = on(&fresh, &["import", "customers", text(&path), "--dry-run"]);
    assert_eq!(looked.out, "2 lines: would be 2 added, 0 changed, 0 as they were\n", "{looked:?}");
    assert!(!on(&fresh, &["export", "customers"]).out.contains("C8"));
    assert_eq!(on(&fresh, &["import", "customers", text(&path)]).code, 0);
    assert!(on(&fresh, &["export", "customers"]).out.contains("0912 000 0001"));
    let unknown = on(&fresh, &["import", "nothing", text(&path)]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(unknown.problems.contains("product-categories"), "{unknown:?}");
}
